"""What the model that was chosen is asked for, and what it is sent."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.model_catalog.catalog import ModelUnavailableError
from conversations.models import Conversation
from conversations.offline_model import Fault, OfflineModel
from conversations.services import turns
from conversations.services.turn_checks import TurnRefusedError
from tests.attachments.factories import PDF, PNG, make_image, make_pdf
from tests.factories import make_conversation
from tests.model_catalog.choices import (
    choices,
    newest_reply,
    set_model,
    switch_off,
)
from tests.model_catalog.factories import QUICK, SITE, THOROUGH, add_model
from tests.services.writing import (
    continue_reply,
    regenerate,
    send,
    wait_for_replies,
    wait_until_saved,
    write_reply,
)
from tests.views.html import HTMX, parse

pytestmark = pytest.mark.django_db(transaction=True)


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


@pytest.mark.usefixtures("models")
def test_a_reply_is_not_had_again_with_a_model_that_takes_less_than_the_message(
    alice_client: Client, alice: User
) -> None:
    conversation = make_conversation(alice, "word " * 300, "Many words.")
    add_model("small/model", "Small", context_window=200)
    again = f"/c/{conversation.pk}/messages/{conversation.leaf_id}/retry-with/"
    answer = alice_client.post(again, {"token": "a", "model": "small/model"})
    assert "This message is too long for “Small”" in answer.content.decode()
    assert conversation.messages.count() == 2


@pytest.mark.usefixtures("model")
def test_a_reply_is_not_had_again_where_the_files_are_more_than_is_sent_by_now(
    alice: User, conversation: Conversation, settings: Settings
) -> None:
    turn = turns.create_turn(
        owner=alice,
        conversation_id=conversation.pk,
        text="What is this?",
        token="a",
        files=[make_image(alice, PNG, tokens=900).pk],
    )
    reply = wait_until_saved(turn.reply)
    settings.CONTEXT_BUDGET = 800
    with pytest.raises(ModelUnavailableError, match="at most 800 tokens"):
        regenerate(reply)


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
