"""Deleted means deleted: bytes go with the last row that speaks of them, and not before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chatsite.accounts.erasure import services as erasure
from chatsite.accounts.models import User
from conversations.attachments import removal, storage, uploads
from conversations.attachments.models import Attachment, RemovedContent
from conversations.models import Conversation
from conversations.services import copies
from conversations.services.conversations import delete_conversation
from tests.attachments.factories import (
    count_bytes_of,
    list_kept,
    make_sent_file,
    make_text_file,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_storage")]

SECRET = "the combination is 1234"


@pytest.fixture
def file(alice: User, conversation: Conversation) -> Attachment:
    """In a message of alice's."""
    return make_sent_file(conversation.messages.earliest("pk"), make_text_file(alice, SECRET))


def test_bytes_go_with_the_conversation(conversation: Conversation, file: Attachment) -> None:
    assert count_bytes_of(SECRET.encode()) == 1
    delete_conversation(conversation=conversation)
    removal.remove_contents()
    assert count_bytes_of(SECRET.encode()) == 0
    assert not RemovedContent.objects.exists()


def test_bytes_stay_for_a_copy_of_the_conversation(
    alice: User, conversation: Conversation, file: Attachment
) -> None:
    assert conversation.leaf
    copies.copy_branch(
        owner=alice, conversation_id=conversation.pk, message_id=conversation.leaf.pk
    )
    delete_conversation(conversation=conversation)
    removal.remove_contents()
    assert list_kept() == [file.content_key]


def test_bytes_go_with_the_account(alice: User, ada: User, file: Attachment) -> None:
    erasure.erase_user(user=alice)
    removal.remove_contents()
    assert count_bytes_of(SECRET.encode()) == 0


def test_what_is_held_keeps_its_files_and_nobody_owns_them(
    alice: User, ada: User, conversation: Conversation, file: Attachment
) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(is_held=True)
    erasure.erase_user(user=alice)
    removal.remove_contents()
    assert Attachment.objects.get().owner_id is None
    assert count_bytes_of(SECRET.encode()) == 1


def test_a_file_uploaded_again_meanwhile_stays(
    alice: User, conversation: Conversation, file: Attachment
) -> None:
    delete_conversation(conversation=conversation)
    make_text_file(alice, SECRET)
    removal.remove_contents()
    assert list_kept() == [file.content_key]
    assert not RemovedContent.objects.exists()


def test_a_file_that_was_taken_back_goes(alice: User) -> None:
    uploads.discard_upload(owner=alice, file_id=make_text_file(alice, SECRET).pk)
    removal.remove_contents()
    assert count_bytes_of(SECRET.encode()) == 0


def test_a_file_that_is_never_sent_goes_after_a_day(alice: User) -> None:
    make_text_file(alice, SECRET)
    removal.remove_unsent()
    assert Attachment.objects.exists()
    removal.remove_unsent(timezone.now() + timedelta(days=1, minutes=1))
    removal.remove_contents()
    assert count_bytes_of(SECRET.encode()) == 0


def test_pieces_of_a_file_that_is_gone_go(alice: User) -> None:
    file = uploads.begin_upload(owner=alice, name="a.txt", size=100, draft="new")
    uploads.take_piece(owner=alice, file_id=file.pk, offset=0, piece=SECRET.encode())
    removal.remove_unsent()
    assert count_bytes_of(SECRET.encode()) == 1
    Attachment.objects.all().delete()
    removal.remove_unsent()
    assert storage.list_uploads() == []
