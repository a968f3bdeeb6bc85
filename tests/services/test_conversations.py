"""Renaming and deleting a conversation."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.offline_model import Gate, OfflineModel
from conversations.services import conversations
from conversations.services.conversations import InvalidTitleError
from conversations.services.replies.channel import get_channel
from tests.factories import add_message, make_conversation, make_long_conversation
from tests.services.writing import start_reply

# Renaming


@pytest.mark.django_db
def test_a_new_title_is_kept_as_the_users(conversation: Conversation) -> None:
    conversations.rename_conversation(conversation=conversation, title="Gates and doors")
    conversation.refresh_from_db()
    assert conversation.title == "Gates and doors"
    assert conversation.title_source == Conversation.TitleSource.USER


@pytest.mark.django_db
def test_a_title_is_one_line(conversation: Conversation) -> None:
    conversations.rename_conversation(conversation=conversation, title=" Gates\n and\x00\t doors ")
    assert conversation.title == "Gates and doors"


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["", " \n", "\x00"])
def test_an_empty_title_is_refused(conversation: Conversation, title: str) -> None:
    with pytest.raises(InvalidTitleError, match="Write a title"):
        conversations.rename_conversation(conversation=conversation, title=title)


@pytest.mark.django_db
def test_a_title_of_the_greatest_length_is_taken(conversation: Conversation) -> None:
    conversations.rename_conversation(conversation=conversation, title="é" * 120)
    conversation.refresh_from_db()
    assert conversation.title == "é" * 120


@pytest.mark.django_db
def test_a_longer_title_is_refused_and_the_old_one_stays(conversation: Conversation) -> None:
    with pytest.raises(InvalidTitleError, match="at most 120 characters"):
        conversations.rename_conversation(conversation=conversation, title="x" * 121)
    conversation.refresh_from_db()
    assert conversation.title == "Greetings"


@pytest.mark.django_db
def test_renaming_is_no_activity(conversation: Conversation) -> None:
    before = conversation.last_activity_at
    conversations.rename_conversation(conversation=conversation, title="Gates and doors")
    conversation.refresh_from_db()
    assert conversation.last_activity_at == before


# Deleting


def queries_to_delete(conversation: Conversation) -> int:
    with CaptureQueriesContext(connection) as queries:
        conversations.delete_conversation(conversation=conversation)
    return len(queries)


@pytest.mark.django_db
def test_a_deleted_conversation_is_gone_with_its_messages(conversation: Conversation) -> None:
    conversations.delete_conversation(conversation=conversation)
    assert not Conversation.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_others_stay(alice: User, conversation: Conversation) -> None:
    other = make_conversation(alice, "Hello", "Hi.")
    conversations.delete_conversation(conversation=conversation)
    assert other.messages.count() == 2


@pytest.mark.django_db
def test_siblings_go_too(conversation: Conversation) -> None:
    assert conversation.leaf
    add_message(conversation, role="assistant", parent_id=conversation.leaf.parent_id)
    conversation.save()
    conversations.delete_conversation(conversation=conversation)
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_3000_messages_are_deleted_in_as_many_queries_as_two(
    alice: User, conversation: Conversation
) -> None:
    long = make_long_conversation(alice, 3_000)
    assert queries_to_delete(long) == queries_to_delete(conversation)
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_deleting_stops_the_reply_that_is_being_written(
    conversation: Conversation, gate: Gate, model: OfflineModel
) -> None:
    reply = start_reply(conversation)
    upstream = model.wait_for_request()
    conversations.delete_conversation(conversation=conversation)
    assert upstream.disconnected.wait(5)
    assert reply.wait_done(10)
    assert get_channel().follow_reply(reply.pk) is None


@pytest.mark.django_db(transaction=True)
def test_deleting_leaves_replies_of_other_conversations_alone(
    alice: User, conversation: Conversation, gate: Gate
) -> None:
    reply = start_reply(make_conversation(alice, "Hello"))
    conversations.delete_conversation(conversation=conversation)
    gate.open()
    assert reply.wait_done(10)
    assert Message.objects.get(pk=reply.pk).status == "complete"


@pytest.mark.django_db
def test_a_user_can_be_deleted_with_all_conversations(alice: User) -> None:
    make_conversation(alice, "Hello", "Hi.")
    alice.delete()
    assert not Message.objects.exists()
