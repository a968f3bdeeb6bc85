"""Files go with a message, once, and along with its versions and copies."""

import pytest

from chatsite.accounts.models import User
from conversations.attachments.models import Attachment
from conversations.content import InvalidMessageError
from conversations.models import Conversation, Message
from conversations.services import copies, deletion, turns
from tests.attachments.factories import list_kept, make_sent_file, make_text_file
from tests.factories import make_conversation

pytestmark = pytest.mark.django_db


def send(conversation: Conversation, *files: Attachment, text: str = "Look.") -> Message:
    assert conversation.owner
    turn = turns.create_turn(
        owner=conversation.owner,
        conversation_id=conversation.pk,
        text=text,
        token="a form",
        files=[file.pk for file in files],
    )
    return turn.message


def names(message: Message) -> list[str]:
    return [file.name for file in message.attachments.all()]


def test_files_are_in_the_message_in_the_order_in_which_it_names_them(
    alice: User, conversation: Conversation
) -> None:
    first, second = make_text_file(alice, name="1.txt"), make_text_file(alice, name="2.txt")
    message = send(conversation, second, first)
    assert names(message) == ["2.txt", "1.txt"]
    assert message.file_count == 2


def test_a_message_may_be_files_alone(alice: User, conversation: Conversation) -> None:
    assert send(conversation, make_text_file(alice), text=" ").text == ""


def test_a_message_of_nothing_is_refused(conversation: Conversation) -> None:
    with pytest.raises(InvalidMessageError):
        send(conversation, text=" ")


def test_a_chat_that_begins_with_a_file_alone_is_named_after_it(alice: User) -> None:
    file = make_text_file(alice, name="Shopping list.txt")
    turn = turns.start_conversation(owner=alice, text="", token="form", files=[file.pk])
    assert turn.message.conversation.title == "Shopping list.txt"


def test_the_same_form_sent_twice_makes_one_turn(alice: User, conversation: Conversation) -> None:
    file = make_text_file(alice)
    assert send(conversation, file) == send(conversation, file)


def test_the_form_of_a_new_chat_sent_twice_makes_one_conversation(alice: User) -> None:
    file = make_text_file(alice)
    for _ in range(2):
        turns.start_conversation(owner=alice, text="", token="form", files=[file.pk])
    assert Conversation.objects.count() == 1


def test_a_file_goes_with_one_message_only(alice: User, conversation: Conversation) -> None:
    file = make_sent_file(conversation.messages.earliest("pk"), make_text_file(alice))
    with pytest.raises(InvalidMessageError, match="no longer there"):
        send(conversation, file)


def test_files_of_others_are_not_there(bob: User, conversation: Conversation) -> None:
    file = make_text_file(bob)
    with pytest.raises(InvalidMessageError, match="no longer there"):
        send(conversation, file)
    file.refresh_from_db()
    assert file.message_id is None


def test_a_file_that_is_not_whole_is_not_sent(alice: User, conversation: Conversation) -> None:
    file = Attachment.objects.create(owner=alice, name="half.txt", size=10, received=5)
    with pytest.raises(InvalidMessageError, match="no longer there"):
        send(conversation, file)


def test_a_message_that_is_refused_leaves_its_files_waiting(
    alice: User, conversation: Conversation
) -> None:
    file = make_text_file(alice)
    with pytest.raises(InvalidMessageError):
        send(conversation, file, text="long " * 200_000)
    file.refresh_from_db()
    assert file.message_id is None


def test_an_edited_message_keeps_its_files(alice: User, conversation: Conversation) -> None:
    message = conversation.messages.earliest("pk")
    file = make_sent_file(message, make_text_file(alice))
    turn = turns.edit_message(
        owner=alice,
        conversation_id=conversation.pk,
        message_id=message.pk,
        text="Hello again",
        token="edit",
    )
    assert names(turn.message) == ["list.txt"] == names(message)
    assert list_kept() == [file.content_key]


def test_a_copied_conversation_has_the_files(alice: User, conversation: Conversation) -> None:
    message = conversation.messages.earliest("pk")
    make_sent_file(message, make_text_file(alice))
    assert conversation.leaf
    copy = copies.copy_branch(
        owner=alice, conversation_id=conversation.pk, message_id=conversation.leaf.pk
    )
    assert names(copy.messages.earliest("pk")) == ["list.txt"]
    assert copy.attachments.count() == 1


def test_a_file_comes_back_with_its_deleted_message(alice: User) -> None:
    conversation = make_conversation(alice, "Hello", "Hi.", "Look", "I see.")
    message = conversation.messages.get(text="Look")
    make_sent_file(message, make_text_file(alice))
    part = deletion.delete_from_message(
        owner=alice, conversation_id=conversation.pk, message_id=message.pk
    )
    assert part.attachments.count() == 1
    deletion.restore_conversation(owner=alice, conversation_id=part.pk)
    assert conversation.attachments.count() == 1
