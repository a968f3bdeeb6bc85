"""The page of one's own instructions, and the administrators' preamble."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatsite.accounts.erasure.account_record import build_account_record
from chatsite.accounts.models import User
from conversations.instructions.models import OWN_LENGTH
from conversations.models import InstructionPolicy, OwnInstructions
from tests.views.html import parse

pytestmark = pytest.mark.django_db

URL = "/accounts/instructions/"
ADMIN = "/admin/conversations/instructionpolicy/1/change/"


def test_it_works(alice_client: Client, alice: User) -> None:
    data = {"about_me": "I teach.\r\nMaths.", "how_to_reply": "Be short.", "is_on": "on"}
    page = parse(alice_client.post(URL, data, follow=True))
    assert "Your instructions are saved. They hold in new chats." in page.text
    assert "I teach.\nMaths." in page.text
    own = OwnInstructions.objects.get(user=alice)
    assert (own.about_me, own.how_to_reply, own.is_on) == ("I teach.\nMaths.", "Be short.", True)


def test_they_can_be_off_in_new_chats(alice_client: Client, alice: User) -> None:
    alice_client.post(URL, {"about_me": "I teach."})
    assert not OwnInstructions.objects.get(user=alice).is_on
    assert "checked" not in parse(alice_client.get(URL)).one("input", name="is_on").attributes


def test_nothing_is_kept_of_none(alice_client: Client, alice: User) -> None:
    OwnInstructions.objects.create(user=alice, about_me="I teach.")
    alice_client.post(URL, {"about_me": " ", "how_to_reply": "", "is_on": "on"})
    assert not OwnInstructions.objects.exists()
    assert "checked" in parse(alice_client.get(URL)).one("input", name="is_on").attributes


def test_what_is_too_long_is_said_and_nothing_typed_is_lost(alice_client: Client) -> None:
    long = "x" * (OWN_LENGTH + 1)
    response = alice_client.post(URL, {"about_me": long, "how_to_reply": "Be short."})
    page = parse(response)
    assert response.status_code == 422
    assert long in page.text
    assert "Be short." in page.text
    assert "at most 4000 characters" in page.text
    assert not OwnInstructions.objects.exists()


def test_as_many_characters_as_the_page_counts_are_taken(alice_client: Client) -> None:
    lines = "x\r\n" * (OWN_LENGTH // 2)
    assert alice_client.post(URL, {"about_me": lines}).status_code == 302


def test_a_user_sees_what_administrators_tell_the_model(alice_client: Client) -> None:
    assert "From the administrators" not in parse(alice_client.get(URL)).text
    InstructionPolicy(pk=1, preamble="You talk to {{name}}.").save()
    assert "You talk to alice." in parse(alice_client.get(URL)).text


def test_everybody_has_their_own(alice_client: Client, bob: User) -> None:
    OwnInstructions.objects.create(user=bob, about_me="I sail.")
    assert "I sail." not in parse(alice_client.get(URL)).text
    alice_client.post(URL, {"about_me": "I teach."})
    assert OwnInstructions.objects.get(user=bob).about_me == "I sail."


def test_the_page_takes_one_query_more_than_others(alice_client: Client) -> None:
    alice_client.get(URL)
    with CaptureQueriesContext(connection) as queries:
        alice_client.get(URL)
    assert len(queries) == 3  # the session, the user


def test_the_record_of_an_account_has_them(alice: User) -> None:
    assert build_account_record(alice)["instructions"] is None
    OwnInstructions.objects.create(user=alice, about_me="I teach.")
    assert build_account_record(alice)["instructions"] == {
        "about_me": "I teach.",
        "how_to_reply": "",
        "used_in_new_chats": True,
    }


def test_an_administrator_writes_the_preamble_and_sees_what_it_counts(ada_client: Client) -> None:
    assert ada_client.post(ADMIN, {"preamble": "You work for us.\r\n"}).status_code == 302
    assert InstructionPolicy.current().preamble == "You work for us."
    page = parse(ada_client.get(ADMIN))
    assert "About 4 tokens, in each request." in page.text
    assert "{{name}}: the user’s name" in page.text


def test_a_preamble_that_is_too_long_is_refused(ada_client: Client) -> None:
    page = parse(ada_client.post(ADMIN, {"preamble": "x" * 8_001}))
    assert "at most 8000 characters" in page.text
    assert InstructionPolicy.current().preamble == ""


@pytest.mark.parametrize("path", ["add/", "1/delete/"])
def test_there_is_no_second_policy_and_no_none(ada_client: Client, path: str) -> None:
    assert ada_client.get(f"/admin/conversations/instructionpolicy/{path}").status_code == 403
