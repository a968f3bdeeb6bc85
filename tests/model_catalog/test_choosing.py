"""Choosing the model that answers: at the box, for a conversation."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatsite.accounts.models import User
from conversations.model_catalog.catalog import read_catalog
from conversations.models import ChatModel, Conversation
from conversations.offline_model import OfflineModel
from tests.factories import make_folder
from tests.model_catalog.choices import FORM, choices, chosen, newest_reply, url
from tests.model_catalog.factories import QUICK, SITE, THOROUGH, add_model
from tests.services.writing import wait_for_replies
from tests.views.html import HTMX, parse

pytestmark = pytest.mark.django_db(transaction=True)


def test_with_one_model_there_is_nothing_to_choose(
    alice_client: Client, conversation: Conversation
) -> None:
    for path in ("/", conversation.get_absolute_url()):
        page = parse(alice_client.get(path))
        assert not page.all("select")
        assert "model-note" not in {each.attributes.get("id") for each in page.elements}


@pytest.mark.usefixtures("models")
def test_the_box_offers_each_model_with_what_it_is_good_for(alice_client: Client) -> None:
    ChatModel.objects.filter(identifier=QUICK).update(description="Quick answers")
    page = parse(alice_client.get("/"))
    assert choices(page) == [SITE, QUICK, THOROUGH]
    assert chosen(page) == SITE
    found = {each["value"]: each.text for each in page.all("option")}
    assert found[QUICK] == "Quick – Quick answers – Can’t read images or files"
    assert found[THOROUGH] == "Thorough"


@pytest.mark.usefixtures("models")
def test_a_refused_form_keeps_its_text_and_its_model(alice_client: Client, bob: User) -> None:
    response = alice_client.post("/", {"text": "  ", "model": THOROUGH})
    assert response.status_code == 422
    assert chosen(parse(response)) == THOROUGH


@pytest.mark.usefixtures("models")
def test_a_new_chat_begins_with_the_chosen_model(alice_client: Client, model: OfflineModel) -> None:
    alice_client.post("/", FORM | {"model": THOROUGH})
    wait_for_replies()
    assert model.requests[0].body["model"] == THOROUGH
    assert Conversation.objects.get().model == THOROUGH
    assert newest_reply().requested_model == THOROUGH


@pytest.mark.usefixtures("models")
def test_so_does_one_in_a_folder(alice: User, alice_client: Client, model: OfflineModel) -> None:
    folder = make_folder(alice)
    assert choices(parse(alice_client.get(folder.get_absolute_url()))) == [SITE, QUICK, THOROUGH]
    alice_client.post(folder.get_absolute_url(), FORM | {"model": THOROUGH})
    wait_for_replies()
    assert Conversation.objects.get().model == THOROUGH


@pytest.mark.usefixtures("models")
def test_a_message_changes_the_model_of_its_conversation(
    alice_client: Client, conversation: Conversation, model: OfflineModel
) -> None:
    newest = conversation.messages.latest("pk").pk
    alice_client.post(url(conversation), FORM | {"model": THOROUGH})
    wait_for_replies()
    conversation.refresh_from_db()
    assert (conversation.model, conversation.counted_from) == (THOROUGH, newest + 1)
    assert model.requests[-1].body["model"] == THOROUGH
    assert chosen(parse(alice_client.get(conversation.get_absolute_url()))) == THOROUGH


@pytest.mark.usefixtures("models")
def test_a_choice_is_kept_before_anything_is_sent(
    alice_client: Client, conversation: Conversation
) -> None:
    path = url(conversation, "model")
    assert alice_client.post(path, {"model": QUICK}, headers=HTMX).status_code == 200
    conversation.refresh_from_db()
    assert conversation.model == QUICK
    assert alice_client.post(path, {"model": "nobody/knows"}, headers=HTMX).status_code == 422
    conversation.refresh_from_db()
    assert conversation.model == QUICK


@pytest.mark.usefixtures("models")
def test_a_message_that_is_refused_changes_nothing(
    alice_client: Client, conversation: Conversation
) -> None:
    alice_client.post(url(conversation), {"text": " ", "token": "a", "model": THOROUGH})
    conversation.refresh_from_db()
    assert conversation.model == SITE


@pytest.mark.usefixtures("models")
def test_many_models_cost_a_page_no_query(alice_client: Client) -> None:
    counts = []
    for number in (0, 20):
        for index in range(number):
            add_model(f"model-{index}")
        alice_client.get("/")
        read_catalog()
        with CaptureQueriesContext(connection) as queries:
            alice_client.get("/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
