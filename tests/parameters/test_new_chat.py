"""Parameters of a new chat, which its form carries until there is a conversation."""

import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatsite.accounts.models import User
from conversations.models import Conversation, ParameterPolicy
from conversations.parameters import schema_check
from tests.factories import make_folder
from tests.views.html import HTMX, parse

URL = "/parameters/"
FORM = {"text": "Hello", "token": "a"}
STRICT = '{"type": "object", "properties": {}, "additionalProperties": false}'

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def checking() -> Iterator[None]:
    yield
    schema_check.stop_queue()


def carried(client: Client, **typed: str) -> str:
    """What the form of the first message has once this was saved."""
    page = parse(client.post(URL, typed, headers=HTMX))
    return page.one("input", name="parameters", form="composer")["value"]


def test_what_is_saved_is_what_the_chat_begins_with(alice_client: Client, alice: User) -> None:
    typed = {"temperature": "0.3", "stop": "END", "response_format": "json_schema"}
    sent = carried(alice_client, **typed, schema=STRICT)
    folder = make_folder(alice)
    for number, address in enumerate(("/", folder.get_absolute_url())):
        data = {"text": "Hello", "token": str(number), "parameters": sent}
        assert alice_client.post(address, data).status_code == 302
        begun = Conversation.objects.latest("created_at")
        assert begun.parameters == {
            "temperature": 0.3,
            "stop": ["END"],
            "response_format": {"type": "json_schema", "schema": STRICT, "strict": True},
        }


def test_what_was_saved_is_shown_again(alice_client: Client) -> None:
    opened = {"open": "yes", "parameters": carried(alice_client, temperature="0.3")}
    page = parse(alice_client.post(URL, opened, headers=HTMX))
    assert page.one("input", name="temperature")["value"] == "0.3"
    assert "Sent: 0.3, as set for this conversation." in page.text


def test_the_chat_says_what_it_carries(alice_client: Client) -> None:
    page = parse(alice_client.post(URL, {"temperature": "0.3", "seed": "7"}))
    assert page.one("textarea", name="text")
    assert "Temperature: 0.3 · Seed: 7" in page.text


def test_nothing_is_carried_where_all_is_default(alice_client: Client) -> None:
    page = parse(alice_client.post(URL, {"temperature": ""}, headers=HTMX))
    assert page.all("input", name="parameters") == []


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(alice_client: Client) -> None:
    response = alice_client.post(URL, {"temperature": "0.3", "seed": "0"}, headers=HTMX)
    page = parse(response)
    assert response.status_code == 422
    assert page.one("input", name="temperature")["value"] == "0.3"
    assert "Type a whole number from 1" in page.text


def test_a_field_is_checked_while_one_types(alice_client: Client) -> None:
    response = alice_client.post(f"{URL}check/?field=seed", {"seed": "0"}, headers=HTMX)
    assert "Type a whole number from 1" in response.content.decode()
    assert alice_client.post(f"{URL}check/?field=nothing").status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        "{",
        "[]",
        "[" * 50_000,
        "x" * 100_000,
        '{"temperature": "warm"}',
        '{"temperature": 3}',
        '{"unknown": 1}',
        '{"response_format": {"type": "json_schema", "schema": "{", "strict": true}}',
    ],
)
def test_what_nobody_can_have_saved_is_refused_and_the_text_is_kept(
    alice_client: Client, sent: str
) -> None:
    response = alice_client.post("/", FORM | {"parameters": sent})
    page = parse(response)
    assert response.status_code == 422
    assert "The parameters of this chat are not allowed any more." in page.text
    assert page.one("textarea", name="text").text.strip() == "Hello"
    assert not Conversation.objects.exists()


def test_what_may_not_be_set_any_more_is_refused(alice_client: Client) -> None:
    sent = carried(alice_client, seed="7")
    ParameterPolicy(pk=1, rules={"seed": {"is_fixed": True}}).save()
    assert alice_client.post("/", FORM | {"parameters": sent}).status_code == 422


def test_a_refused_message_keeps_what_the_chat_carries(alice_client: Client) -> None:
    sent = carried(alice_client, seed="7")
    page = parse(alice_client.post("/", {"text": " ", "token": "a", "parameters": sent}))
    found = page.one("input", name="parameters", form="composer")["value"]
    assert json.loads(found) == {"seed": 7}


@pytest.mark.parametrize(
    ("sent", "kept"), [(r'{"stop": ["a\ud800"]}', "a?"), (r'{"stop": ["a\u0000b"]}', "ab")]
)
def test_characters_that_nobody_can_keep_are_carried_as_they_would_be_kept(
    alice_client: Client, sent: str, kept: str
) -> None:
    response = alice_client.post("/assistants/begin/", {"parameters": sent}, headers=HTMX)
    found = parse(response).one("input", name="parameters", form="composer")["value"]
    assert json.loads(found)["stop"] == [kept]


def test_text_may_be_asked_for_where_it_is_not_offered(alice_client: Client) -> None:
    page = parse(alice_client.post(URL, {"open": "yes"}, headers=HTMX))
    assert page.all("option", value="text") == []
    sent = carried(alice_client, response_format="text")
    assert json.loads(sent) == {"response_format": {"type": "text"}}


def test_opening_them_takes_few_queries(alice_client: Client) -> None:
    alice_client.post(URL, {"open": "yes"}, headers=HTMX)
    with CaptureQueriesContext(connection) as queries:
        alice_client.post(URL, {"open": "yes"}, headers=HTMX)
    assert len(queries) == 3  # the session, the user, their instructions
