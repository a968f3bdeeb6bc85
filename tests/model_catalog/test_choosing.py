"""Choosing the model that answers: at the box, for a conversation, for one reply."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.model_catalog.catalog import read_catalog
from conversations.models import ChatModel, Conversation, Message
from conversations.offline_model import Fault, OfflineModel
from conversations.services import turns
from conversations.services.turn_checks import TurnRefusedError
from tests.attachments.factories import PDF, PNG, make_image, make_pdf
from tests.factories import make_conversation, make_folder
from tests.model_catalog.factories import QUICK, SITE, THOROUGH, add_model
from tests.services.writing import continue_reply, regenerate, send, wait_until_saved, write_reply
from tests.views.html import HTMX, Page, parse
from tests.views.waiting import wait_for_replies

pytestmark = pytest.mark.django_db(transaction=True)

FORM = {"text": "Go on.", "token": "a form"}


def choices(page: Page) -> list[str]:
    """The names at the API that the box offers."""
    found = page.all("select", name="model")
    return [option["value"] for option in page.all("option")] if found else []


def chosen(page: Page) -> str:
    (option,) = [each for each in page.all("option") if "selected" in each.attributes]
    return option["value"]


def url(conversation: Conversation, name: str = "messages") -> str:
    return f"/c/{conversation.pk}/{name}/"


def switch_off(identifier: str) -> None:
    row = ChatModel.objects.get(identifier=identifier)
    row.is_on = False
    row.save()


def set_model(conversation: Conversation, identifier: str) -> None:
    conversation.model = identifier
    conversation.save()


def newest_reply() -> Message:
    return Message.objects.filter(role="assistant").latest("pk")


def test_with_one_model_there_is_nothing_to_choose(
    alice_client: Client, conversation: Conversation
) -> None:
    for path in ("/", conversation.get_absolute_url()):
        page = parse(alice_client.get(path))
        assert not page.all("select")
        assert page.by_id("model-note").text == ""


@pytest.mark.usefixtures("models")
def test_the_box_offers_each_model_with_what_it_is_good_for(alice_client: Client) -> None:
    ChatModel.objects.filter(identifier=QUICK).update(description="Quick answers")
    page = parse(alice_client.get("/"))
    assert choices(page) == [SITE, QUICK, THOROUGH]
    assert chosen(page) == SITE
    assert "Quick answers · text only" in page.text


def test_a_model_for_a_group_is_offered_to_its_members_alone(
    alice: User, alice_client: Client, bob_client: Client, models: list[ChatModel]
) -> None:
    group = Group.objects.create(name="research")
    alice.groups.add(group)
    models[2].is_for_all = False
    models[2].save()
    models[2].groups.add(group)
    assert THOROUGH in choices(parse(alice_client.get("/")))
    assert THOROUGH not in choices(parse(bob_client.get("/")))


@pytest.mark.usefixtures("models")
def test_nobody_begins_with_a_model_that_is_not_theirs(
    bob_client: Client, models: list[ChatModel]
) -> None:
    models[2].is_for_all = False
    models[2].save()
    response = bob_client.post("/", FORM | {"model": THOROUGH}, headers=HTMX)
    assert response.status_code == 422
    assert "“Thorough” is not available to you" in response.content.decode()
    assert not Conversation.objects.exists()


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
def test_where_the_model_was_switched_off_the_default_answers_and_the_page_says_so(
    alice_client: Client, conversation: Conversation, model: OfflineModel
) -> None:
    set_model(conversation, THOROUGH)
    switch_off(THOROUGH)
    page = parse(alice_client.get(conversation.get_absolute_url()))
    said = "“Thorough” is not available to you any more. “Everyday” answers from here on."
    assert page.by_id("model-note").text.strip() == said
    response = alice_client.post(url(conversation), FORM, headers=HTMX)
    assert said in parse(response).text
    wait_for_replies()
    assert model.requests[-1].body["model"] == SITE


@pytest.mark.usefixtures("models")
def test_without_scripts_it_is_said_as_well(
    alice_client: Client, conversation: Conversation, model: OfflineModel
) -> None:
    set_model(conversation, THOROUGH)
    switch_off(THOROUGH)
    page = parse(alice_client.post(url(conversation), FORM, follow=True))
    wait_for_replies()
    assert "“Everyday” answers from here on." in page.text


@pytest.mark.usefixtures("models")
def test_who_may_use_no_model_is_told_so(alice_client: Client) -> None:
    for row in ChatModel.objects.all():
        switch_off(row.identifier)
    assert "no model that you may use" in parse(alice_client.get("/")).text
    assert alice_client.post("/", FORM, headers=HTMX).status_code == 422


@pytest.mark.usefixtures("models")
def test_a_reply_is_had_again_with_another_model_this_once(
    alice_client: Client, conversation: Conversation, model: OfflineModel
) -> None:
    again = f"/c/{conversation.pk}/messages/{conversation.leaf_id}/retry-with/"
    page = parse(alice_client.get(again))
    assert THOROUGH in choices(page)
    alice_client.post(again, {"model": THOROUGH, "token": "a"})
    wait_for_replies()
    assert newest_reply().requested_model == model.requests[-1].body["model"] == THOROUGH
    conversation.refresh_from_db()
    assert conversation.model == SITE


@pytest.mark.usefixtures("models")
def test_a_reply_is_not_had_again_with_a_model_that_is_not_theirs(
    alice_client: Client, conversation: Conversation
) -> None:
    switch_off(THOROUGH)
    again = f"/c/{conversation.pk}/messages/{conversation.leaf_id}/retry-with/"
    response = alice_client.post(again, {"model": THOROUGH, "temperature": "0.3"}, headers=HTMX)
    page = parse(response)
    assert response.status_code == 422
    assert page.one("input", name="temperature")["value"] == "0.3"
    assert "not available to you" in page.text


def test_with_one_model_regenerating_offers_none(
    alice_client: Client, conversation: Conversation
) -> None:
    again = f"/c/{conversation.pk}/messages/{conversation.leaf_id}/retry-with/"
    assert not parse(alice_client.get(again)).all("select", name="model")


@pytest.mark.usefixtures("models")
def test_the_longest_reply_of_a_model_limits_what_is_asked_for(
    alice: User, model: OfflineModel
) -> None:
    conversation = make_conversation(alice, "Hello", "Hi.")
    conversation.parameters = {"max_tokens": 4000}
    set_model(conversation, THOROUGH)
    wait_until_saved(send(conversation, "More.", token="a").reply)
    assert model.requests[-1].body["max_tokens"] == 500
    conversation.parameters = {}
    conversation.save()
    wait_until_saved(send(conversation, "More.", token="b").reply)
    assert "max_tokens" not in model.requests[-1].body


@pytest.mark.usefixtures("models")
def test_a_reply_is_continued_by_the_model_that_began_it_or_not_at_all(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(text="One two", finish_reason="length"))
    cut = write_reply(conversation, requested_model=THOROUGH)
    switch_off(THOROUGH)
    with pytest.raises(TurnRefusedError) as refused:
        continue_reply(cut)
    assert "“Thorough”, which began this reply" in refused.value.sentence
    again = wait_until_saved(regenerate(cut))
    assert again.requested_model == SITE


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("make", "content", "said"),
    [
        (make_image, PNG, "“Quick” can’t see images."),
        (make_pdf, PDF, "“Quick” reads only the text of PDFs"),
    ],
)
def test_a_model_is_sent_no_file_of_which_it_sees_nothing(
    alice: User, make: Callable[..., object], content: bytes, said: str
) -> None:
    conversation = make_conversation(alice, "Hello", "Hi.")
    file = make(alice, content)
    with pytest.raises(Exception, match=said):
        turns.create_turn(
            owner=alice,
            conversation_id=conversation.pk,
            text="What is this?",
            token="a",
            files=[file.pk],  # type: ignore[attr-defined]
            model=QUICK,
        )
    conversation.refresh_from_db()
    assert conversation.model == SITE


@pytest.mark.usefixtures("models")
def test_a_model_that_reads_no_files_gets_their_text(alice: User, model: OfflineModel) -> None:
    conversation = make_conversation(alice, "Hello", "Hi.")
    files = [make_pdf(alice, text="Figures of spring").pk, make_image(alice).pk]
    turn = turns.create_turn(
        owner=alice,
        conversation_id=conversation.pk,
        text="What is this?",
        token="a",
        files=files,
        model=THOROUGH,
    )
    wait_until_saved(turn.reply)
    assert isinstance(model.requests[-1].body["messages"][-1]["content"], list)
    set_model(Conversation.objects.get(), QUICK)
    wait_until_saved(send(conversation, "And now?", token="b").reply)
    sent = str(model.requests[-1].body["messages"])
    assert "Figures of spring" in sent
    assert "can’t be shown to you" in sent
    assert "image_url" not in sent
    assert len(model.requests) == 2


def test_each_model_has_its_own_context_budget(
    alice: User, model: OfflineModel, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 100_000
    add_model(SITE)
    add_model(QUICK, context_window=1_200, longest_reply=200)
    conversation = make_conversation(alice, "a" * 3_000, "b", "c" * 3_000, "d", "e")
    write_reply(conversation, requested_model=QUICK)
    write_reply(conversation, requested_model=SITE)
    short, long = (request.body["messages"] for request in model.requests)
    assert len(short) < len(long)


@pytest.mark.usefixtures("models")
def test_details_name_the_model_as_people_know_it(
    alice_client: Client, conversation: Conversation
) -> None:
    conversation.messages.filter(role="assistant").update(
        requested_model=THOROUGH, model="thorough-2026"
    )
    details = f"/c/{conversation.pk}/messages/{conversation.leaf_id}/details/"
    words = parse(alice_client.get(details, headers=HTMX)).text
    assert "Thorough" in words
    assert "thorough-2026" in words


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
