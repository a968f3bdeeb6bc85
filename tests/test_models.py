"""What the models promise by themselves."""

import pytest
from django.db import IntegrityError, transaction

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from tests.factories import add_message, add_pending_reply, make_conversation

pytestmark = pytest.mark.django_db


def test_a_conversation_is_at_its_own_address(conversation: Conversation) -> None:
    assert conversation.get_absolute_url() == f"/c/{conversation.pk}/"


def test_a_conversation_reads_as_its_title(conversation: Conversation) -> None:
    assert str(conversation) == "Greetings"


def test_a_message_reads_as_who_said_what() -> None:
    assert str(Message(role="user", text="Hello " * 100)) == "User: " + ("Hello " * 10)


@pytest.mark.parametrize("status", Message.RUNNING)
def test_two_replies_of_one_conversation_cannot_run(
    conversation: Conversation, status: Message.Status
) -> None:
    add_pending_reply(conversation)
    with pytest.raises(IntegrityError), transaction.atomic():
        add_message(conversation, role="assistant", status=status)


def test_replies_of_two_conversations_can_run(alice: User, conversation: Conversation) -> None:
    add_pending_reply(conversation)
    add_pending_reply(make_conversation(alice, "Hello"))
    assert Message.objects.filter(status__in=Message.RUNNING).count() == 2


def test_one_form_cannot_make_two_messages_in_a_conversation(conversation: Conversation) -> None:
    add_message(conversation, role="user", idempotency_key="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        add_message(conversation, role="user", idempotency_key="a")


def test_messages_without_a_form_are_no_hindrance_to_each_other(
    conversation: Conversation,
) -> None:
    assert conversation.messages.filter(idempotency_key=None).count() == 2


@pytest.mark.parametrize(
    ("status", "running"),
    [
        ("pending", True),
        ("streaming", True),
        ("complete", False),
        ("stopped", False),
        ("failed", False),
        ("interrupted", False),
    ],
)
def test_a_status_says_whether_a_reply_runs(status: str, running: bool) -> None:
    assert Message(role="assistant", status=status).is_running is running
