"""Another assistant for a new chat, for which something was set before."""

import json
from typing import Any

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation, OwnInstructions
from tests.factories import make_assistant, make_folder
from tests.model_catalog.factories import QUICK, SITE, THOROUGH, add_model
from tests.views.html import HTMX, Page, parse

pytestmark = pytest.mark.django_db

BEGIN = "/assistants/begin/"


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
