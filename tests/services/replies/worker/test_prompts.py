"""What of a conversation is sent to the model."""

import pytest
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.offline_model import OfflineModel
from tests.factories import add_message, make_long_conversation
from tests.services.writing import write_reply

# Generation lets go of its connection, which ends a test's own transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def sent(model: OfflineModel) -> list[str]:
    return [message["content"] for message in model.requests[-1].body["messages"]]


def test_the_system_prompt_and_the_branch_are_sent(
    conversation: Conversation, model: OfflineModel
) -> None:
    write_reply(conversation)
    assert sent(model) == ["Be brief.", "Hello"]


@pytest.mark.parametrize("status", ["stopped", "interrupted", "failed"])
def test_what_was_said_of_a_reply_that_broke_off_is_sent(
    conversation: Conversation, model: OfflineModel, status: str
) -> None:
    add_message(conversation, role="assistant", text="I was about to", status=status)
    add_message(conversation, role="user", text="Go on.")
    write_reply(conversation)
    assert sent(model) == ["Be brief.", "Hello", "I was about to", "Go on."]


@pytest.mark.parametrize(
    ("status", "text"),
    [("failed", ""), ("complete", ""), ("stopped", ""), ("interrupted", " \n")],
)
def test_messages_around_a_reply_without_words_are_sent_as_one(
    conversation: Conversation, model: OfflineModel, status: str, text: str
) -> None:
    add_message(conversation, role="assistant", text=text, status=status)
    add_message(conversation, role="user", text="Hello?")
    write_reply(conversation)
    assert sent(model) == ["Be brief.", "Hello\n\nHello?"]


def test_thinking_is_not_sent(conversation: Conversation, model: OfflineModel) -> None:
    add_message(conversation, role="assistant", text="Yes.", reasoning="Hm.")
    add_message(conversation, role="user", text="Why?")
    write_reply(conversation)
    assert sent(model) == ["Be brief.", "Hello", "Yes.", "Why?"]


def test_a_sibling_that_was_retried_is_not_sent(
    conversation: Conversation, model: OfflineModel
) -> None:
    question = conversation.leaf_id
    add_message(conversation, role="assistant", text="First try")
    add_message(conversation, role="assistant", text="Second try", parent_id=question)
    add_message(conversation, role="user", text="Thanks")
    write_reply(conversation)
    assert sent(model) == ["Be brief.", "Hello", "Second try", "Thanks"]


def test_an_estimate_is_not_taken_for_a_count(
    conversation: Conversation, model: OfflineModel, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 100
    reply = add_message(conversation, role="assistant", text="Hi", prompt_tokens=1_000)
    Message.objects.filter(pk=reply.pk).update(usage_estimated=True)
    add_message(conversation, role="user", text="And now?")
    write_reply(conversation)
    assert sent(model) == ["Be brief.", "Hello", "Hi", "And now?"]


def test_the_start_of_the_context_is_kept_where_turns_were_left_out(
    conversation: Conversation, model: OfflineModel, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 100
    add_message(conversation, role="assistant", text="x" * 400)
    question = add_message(conversation, role="user", text="And now?")
    reply = write_reply(conversation)
    assert reply.context_start == question.pk
    assert sent(model) == ["Be brief.", "And now?"]


def test_what_was_left_out_stays_out_after_an_interrupted_reply(
    alice: User, model: OfflineModel, settings: Settings
) -> None:
    conversation = make_long_conversation(alice, 60)
    start = conversation.messages.filter(role="user")[20].pk
    conversation.messages.filter(text="Message 59").update(context_start=start)
    add_message(conversation, role="user", text="And then?")
    add_message(conversation, role="assistant", text="Then", status="interrupted")
    add_message(conversation, role="user", text="Go on.")
    assert write_reply(conversation).context_start == start
    assert sent(model)[1] == "Message 40"


def test_a_branch_sent_whole_has_no_start(conversation: Conversation, model: OfflineModel) -> None:
    assert write_reply(conversation).context_start is None
