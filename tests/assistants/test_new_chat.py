"""Assistants for a new chat: what is offered, and what stays set when another one is chosen."""

import json
from typing import Any

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Assistant, Conversation, Message, OwnInstructions
from conversations.offline_model import OfflineModel
from tests.factories import make_assistant, make_conversation, make_folder
from tests.model_catalog.factories import QUICK, SITE, THOROUGH, add_model
from tests.services.writing import wait_until_saved
from tests.views.html import HTMX, Page, parse

pytestmark = pytest.mark.django_db

BEGIN = "/assistants/begin/"
STARTERS = "Hunt | Where are the hens?\nHow are you?"


def test_a_new_chat_shows_nothing_of_assistants_where_there_are_none(alice_client: Client) -> None:
    page = alice_client.get("/").content.decode()
    assert "assistant-row" not in page
    assert "composer-assistant" not in page


def test_the_last_used_come_first(alice_client: Client, alice: User) -> None:
    for name in ("Ant", "Bee", "Cat"):
        made = make_assistant(alice, name)
    conversation = make_conversation(alice, "Hello")
    conversation.assistant, conversation.assistant_version = made, made.latest
    conversation.save()
    page = alice_client.get("/").content.decode()
    assert page.index("Cat</span>") < page.index("Ant</span>") < page.index("Bee</span>")


def test_a_link_begins_a_chat_with_it(alice_client: Client, alice: User) -> None:
    made = make_assistant(alice, description="Sly.", starters=STARTERS)
    page = parse(alice_client.get(f"/?assistant={made.pk}"))
    assert page.by_id("composer-assistant")["value"] == str(made.pk)
    assert "Sly." in page.text
    assert [each["value"] for each in page.all("button", name="text")] == [
        "Where are the hens?",
        "How are you?",
    ]


def test_a_link_to_one_of_its_ways_to_begin_puts_it_into_the_box(
    alice_client: Client, alice: User
) -> None:
    made = make_assistant(alice, starters=STARTERS)
    page = alice_client.get(f"/?assistant={made.pk}&begin=1").content.decode()
    assert "\nWhere are the hens?</textarea>" in page


@pytest.mark.parametrize("of", ["bob", "nobody", "nonsense"])
def test_a_link_to_one_that_is_not_for_one_says_so(
    alice_client: Client, alice: User, bob: User, of: str
) -> None:
    made = make_assistant(bob)
    wanted = {"bob": str(made.pk), "nobody": str(alice.pk), "nonsense": "x"}[of]
    response = alice_client.get(f"/?assistant={wanted}")
    assert response.status_code == 200
    assert "isn’t available to you" in parse(response).text
    assert "Fox" not in response.content.decode()


def test_a_default_is_chosen_and_can_be_left_out(
    alice_client: Client, alice: User, ada: User
) -> None:
    made = make_assistant(ada)
    Assistant.objects.update(is_for_all=True, is_site_default=True)
    assert parse(alice_client.get("/")).by_id("composer-assistant")["value"] == str(made.pk)
    page = parse(alice_client.get("/?assistant=none"))
    assert page.by_id("composer-assistant")["value"] == ""


@pytest.mark.django_db(transaction=True)
def test_the_form_begins_with_what_it_says_and_keeps_it_when_refused(
    alice_client: Client, alice: User, model: OfflineModel
) -> None:
    made = make_assistant(alice)
    refused = alice_client.post("/", {"text": " ", "assistant": str(made.pk), "token": "a"})
    assert parse(refused).by_id("composer-assistant")["value"] == str(made.pk)
    alice_client.post("/", {"text": "Hello", "assistant": str(made.pk), "token": "a"})
    conversation = Conversation.objects.get()
    wait_until_saved(conversation.messages.latest("pk"))
    assert conversation.assistant == made
    alice_client.post("/", {"text": "Hello", "assistant": "", "token": "b"})
    latest = Conversation.objects.exclude(pk=conversation.pk).get()
    wait_until_saved(latest.messages.latest("pk"))
    assert latest.assistant is None


@pytest.mark.parametrize("number", [1, 30])
def test_a_new_chat_takes_the_same_queries_however_many_there_are(
    alice_client: Client, alice: User, django_assert_num_queries: Any, number: int
) -> None:
    for index in range(number):
        make_assistant(alice, f"Fox {index}")
    alice_client.get("/")
    # Two more than without: those that are offered, and the default.
    with django_assert_num_queries(12):
        alice_client.get("/")


def choose(client: Client, assistant: object = None, **fields: Any) -> Page:
    """What the page is with another assistant, which it asks for with what was set."""
    data = {"assistant": str(assistant.pk) if assistant else "", "folder": ""} | fields  # type: ignore[attr-defined]
    response = client.post(BEGIN, data, headers=HTMX)
    assert response.status_code == 200
    return parse(response)


def chosen_model(page: Page) -> str:
    (option,) = [each for each in page.all("option") if "selected" in each.attributes]
    return option["value"]


def test_parameters_are_kept(alice_client: Client, alice: User) -> None:
    made = make_assistant(alice)
    page = choose(alice_client, made, parameters='{"temperature": 0.3}')
    assert page.by_id("composer-assistant")["value"] == str(made.pk)
    kept = page.one("input", name="parameters", form="composer")["value"]
    assert json.loads(kept) == {"temperature": 0.3}
    page = choose(alice_client, None, parameters=kept)
    assert page.by_id("composer-assistant")["value"] == ""
    assert page.one("input", name="parameters", form="composer")["value"] == kept


@pytest.mark.parametrize("sent", ['{"temperature": 9}', "no JSON"])
def test_parameters_that_are_not_allowed_are_said_to_be(
    alice_client: Client, alice: User, sent: str
) -> None:
    page = choose(alice_client, make_assistant(alice), parameters=sent)
    assert "not allowed any more" in page.by_id("composer-error").text


def test_what_is_compared_is_kept(alice_client: Client, alice: User) -> None:
    variant = json.dumps({"model": "", "parameters": {"temperature": 0.3}})
    page = choose(alice_client, make_assistant(alice), compare=variant)
    assert json.loads(page.one("input", name="compare")["value"]) == json.loads(variant)


@pytest.mark.parametrize("is_used", [True, False])
def test_whether_own_instructions_are_used_is_kept(
    alice_client: Client, alice: User, is_used: bool
) -> None:
    OwnInstructions.objects.create(user=alice, how_to_reply="Be short.", is_on=not is_used)
    sent = ["off", "on"] if is_used else ["off"]
    page = choose(alice_client, make_assistant(alice), own_instructions=sent)
    box = page.one("input", name="own_instructions", type="checkbox")
    assert ("checked" in box.attributes) is is_used


def test_a_model_that_was_picked_is_kept_and_one_that_was_not_follows_the_assistant(
    alice_client: Client, alice: User
) -> None:
    for identifier in (SITE, QUICK, THOROUGH):
        add_model(identifier)
    made = make_assistant(alice, model=QUICK)
    page = parse(alice_client.get("/"))
    usual = page.one("input", name="usual_model")["value"]
    assert usual == chosen_model(page) == SITE
    page = choose(alice_client, made, model=SITE, usual_model=usual)
    assert chosen_model(page) == QUICK
    page = choose(alice_client, made, model=THOROUGH, usual_model=usual)
    assert chosen_model(page) == THOROUGH
    assert page.one("input", name="usual_model")["value"] == QUICK
    page = choose(alice_client, None, model=THOROUGH, usual_model=QUICK)
    assert chosen_model(page) == THOROUGH
    page = choose(alice_client, None, model=QUICK, usual_model=QUICK)
    assert chosen_model(page) == SITE


def test_a_folder_stays_the_place_of_the_chat(alice_client: Client, alice: User) -> None:
    folder, made = make_folder(alice), make_assistant(alice)
    parameters = '{"temperature": 0.3}'
    page = choose(alice_client, made, folder=str(folder.pk), parameters=parameters)
    assert page.by_id("composer")["action"] == folder.get_absolute_url()
    assert page.by_id("composer-assistant")["value"] == str(made.pk)
    assert page.one("input", name="parameters", form="composer")["value"] == parameters
    assert not Conversation.objects.exists()


def test_somebody_elses_folder_is_not_there(bob_client: Client, alice: User) -> None:
    data = {"assistant": "", "folder": str(make_folder(alice).pk)}
    assert bob_client.post(BEGIN, data, headers=HTMX).status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/assistants/choose/", "/assistants/suggestions/?q=", "/?assistant={made}"]
)
def test_each_way_to_choose_sends_what_was_set(
    alice_client: Client, alice: User, path: str
) -> None:
    made = make_assistant(alice)
    make_assistant(alice, "Owl")
    content = alice_client.get(path.format(made=made.pk), headers=HTMX).content.decode()
    ways = [way.partition(">")[0] for way in content.split(f'hx-post="{BEGIN}"')[1:]]
    assert ways
    for way in ways:
        for field in ("#composer-model", "[name=compare]", "input[form=composer]"):
            assert field in way


def test_text_can_be_had_of_an_assistant_that_replies_in_json(
    alice: User, alice_client: Client
) -> None:
    made = make_assistant(alice, parameters={"response_format": {"type": "json_object"}})
    form = {"assistant": str(made.pk), "text": "Hello", "token": "a"}
    carried = '{"response_format": {"type": "text"}}'
    other = {"response_format": "text", "temperature": "0.3"}
    page = parse(alice_client.post("/compare/", form | other))
    compared = page.one("input", name="compare")["value"]
    sent = form | {"parameters": carried, "compare": compared}
    assert alice_client.post("/", sent).status_code == 302
    kept = Message.objects.filter(role="assistant").values_list("parameters", flat=True)
    assert [each and each["response_format"]["value"] for each in kept] == [{"type": "text"}] * 2


def test_what_is_compared_says_what_comes_from_the_assistant(
    alice: User, alice_client: Client
) -> None:
    made = make_assistant(alice, parameters={"temperature": 0.3})
    page = parse(alice_client.post("/compare/", {"open": "yes", "assistant": str(made.pk)}))
    assert page.one("input", name="temperature")["placeholder"] == "From the assistant (0.3)"
