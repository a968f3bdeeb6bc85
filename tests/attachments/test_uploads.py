"""Uploading: in pieces from where the last one ended, within limits, read once it is whole."""

import uuid

import pytest
from django.contrib.auth.models import Group
from django.http import Http404
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from chatsite.accounts.models import Limit, User
from conversations.attachments import errors, queries, storage, uploads
from conversations.attachments.models import Attachment
from tests.attachments.factories import list_kept, make_text_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_storage")]

TEXT = b"Milk and bread\n"


def begin(owner: User, size: int = len(TEXT), name: str = "list.txt") -> Attachment:
    return uploads.begin_upload(owner=owner, name=name, size=size, draft="new")


def send(owner: User, file: Attachment, offset: int, piece: bytes) -> Attachment:
    return uploads.take_piece(owner=owner, file_id=file.pk, offset=offset, piece=piece)


def upload(owner: User, content: bytes = TEXT, name: str = "list.txt") -> Attachment:
    return send(owner, begin(owner, len(content), name), 0, content)


def test_a_file_is_read_once_its_last_piece_is_there(alice: User) -> None:
    file = begin(alice)
    assert not send(alice, file, 0, TEXT[:5]).is_ready
    assert send(alice, file, 5, TEXT[5:]).is_ready
    read = Attachment.objects.get()
    assert (read.kind, read.text, read.size) == ("text", TEXT.decode(), len(TEXT))


def test_the_bytes_are_kept_as_they_came(alice: User) -> None:
    file = upload(alice)
    with storage.open_content(file.content_key, storage.ORIGINAL) as kept:
        assert kept.read() == TEXT


def test_no_piece_stays_behind(alice: User) -> None:
    upload(alice)
    assert storage.list_uploads() == []


def test_a_piece_sent_again_is_taken_once(alice: User) -> None:
    file = begin(alice)
    send(alice, file, 0, TEXT[:5])
    send(alice, file, 0, TEXT[:5])
    assert send(alice, file, 5, TEXT[5:]).text == TEXT.decode()


def test_a_piece_beyond_the_last_one_says_where_that_ended(alice: User) -> None:
    file = begin(alice)
    send(alice, file, 0, TEXT[:5])
    with pytest.raises(errors.UploadConflictError) as refused:
        send(alice, file, 9, TEXT[9:])
    assert refused.value.received == 5


def test_more_than_was_announced_is_not_taken(alice: User) -> None:
    with pytest.raises(errors.UploadConflictError):
        send(alice, begin(alice), 0, TEXT + b"more")


def test_pieces_that_were_lost_are_asked_for_again(alice: User) -> None:
    file = begin(alice)
    send(alice, file, 0, TEXT[:5])
    storage.remove_pieces(file.pk)
    with pytest.raises(errors.UploadConflictError) as refused:
        send(alice, file, 5, TEXT[5:])
    assert refused.value.received == 0


def test_others_cannot_add_to_a_file(alice: User, bob: User) -> None:
    with pytest.raises(Http404):
        send(bob, begin(alice), 0, TEXT)


def test_the_same_content_is_kept_once_for_an_owner(alice: User) -> None:
    first, second = upload(alice), upload(alice, name="again.txt")
    assert first.content_key == second.content_key
    assert list_kept() == [first.content_key]


def test_the_same_content_of_another_owner_is_kept_apart(alice: User, bob: User) -> None:
    assert upload(alice).content_key != upload(bob).content_key


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\alice\\list.txt", "list.txt"),
        ("a\u202etxt.exe", "a txt.exe"),
        ("", "File"),
        ("...", "File"),
        (f"{'long ' * 100}.txt", f"{('long ' * 24).strip()}.txt"),
    ],
)
def test_a_name_is_one_that_any_system_takes(alice: User, sent: str, kept: str) -> None:
    assert begin(alice, name=sent).name == kept


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    alice: User, settings: Settings
) -> None:
    settings.FILE_SIZE_LIMIT = 1000
    with pytest.raises(errors.FileTooLargeError) as refused:
        begin(alice, 1001)
    assert "1001\xa0bytes" in refused.value.sentence


def test_an_empty_file_is_refused(alice: User) -> None:
    with pytest.raises(errors.FileRefusedError, match="is empty"):
        begin(alice, 0)


def test_a_box_holds_no_more_files_than_a_message_takes(alice: User, settings: Settings) -> None:
    settings.FILES_PER_MESSAGE = 1
    begin(alice)
    with pytest.raises(errors.FileRefusedError, match="takes 1 file"):
        begin(alice)


def test_nobody_keeps_more_than_a_user_may(alice: User, settings: Settings) -> None:
    settings.USER_FILES_LIMIT = 2 * len(TEXT) - 1
    upload(alice)
    with pytest.raises(errors.FileTooLargeError, match="that you may keep"):
        begin(alice)


def test_what_is_kept_once_counts_once(alice: User) -> None:
    upload(alice)
    upload(alice)
    begin(alice, 100)
    assert queries.sum_sizes(alice) == len(TEXT) + 100


def test_where_no_kind_is_taken_no_file_is(alice: User, settings: Settings) -> None:
    settings.FILE_KINDS = []
    with pytest.raises(errors.FileRefusedError, match="on this site"):
        begin(alice)


def test_what_is_no_file_we_know_is_refused_and_forgotten(alice: User) -> None:
    with pytest.raises(errors.FileRefusedError):
        upload(alice, b"\x00\x01\x02\xff\xfe\x80" * 50, name="virus.png")
    assert not Attachment.objects.exists()
    assert storage.list_uploads() == []


def test_a_file_that_was_not_sent_can_be_taken_back(alice: User) -> None:
    file = begin(alice)
    send(alice, file, 0, TEXT[:5])
    uploads.discard_upload(owner=alice, file_id=file.pk)
    assert not Attachment.objects.exists()
    assert storage.list_uploads() == []


def test_others_cannot_take_a_file_back(alice: User, bob: User) -> None:
    file = make_text_file(alice)
    with pytest.raises(Http404):
        uploads.discard_upload(owner=bob, file_id=file.pk)


def test_an_unknown_file_is_none(alice: User) -> None:
    with pytest.raises(Http404):
        uploads.take_piece(owner=alice, file_id=uuid.uuid4(), offset=0, piece=b"")


def test_a_group_may_have_less_than_the_site_allows(alice: User) -> None:
    group = Group.objects.create(name="Interns")
    alice.groups.add(group)
    Limit.objects.create(group=group, file_megabytes=1, stored_megabytes=3)
    assert begin(alice, 1024**2).size == 1024**2
    with pytest.raises(errors.FileTooLargeError, match="too large"):
        begin(alice, 1024**2 + 1)


def test_a_group_without_files_takes_none(alice: User) -> None:
    Limit.objects.create(user=alice, file_megabytes=0)
    with pytest.raises(errors.FileRefusedError, match="on this site"):
        begin(alice)


def test_a_group_may_keep_less_than_the_site_allows(alice: User) -> None:
    Limit.objects.create(user=alice, stored_megabytes=1)
    begin(alice, 1024**2)
    with pytest.raises(errors.FileTooLargeError, match="that you may keep"):
        begin(alice, 1)


def test_the_page_of_usage_says_how_much_room_files_take(alice: User, alice_client: Client) -> None:
    upload(alice)
    page = alice_client.get("/accounts/usage/").content.decode()
    assert "15\xa0bytes" in page
    assert "0 % of 1.0\xa0GB used." in page


def test_uploads_that_were_given_up_take_no_place(alice: User, settings: Settings) -> None:
    settings.FILES_PER_MESSAGE = 1
    settings.USER_FILES_LIMIT = 100
    begin(alice, 100)
    Attachment.objects.update(created_at=timezone.now() - queries.UPLOAD_TIME)
    assert begin(alice, 100).name == "list.txt"


def test_only_kinds_that_all_limits_of_a_user_have_are_taken(alice: User) -> None:
    group = Group.objects.create(name="Interns")
    alice.groups.add(group)
    Limit.objects.create(group=group, file_kinds=["image", "pdf"])
    Limit.objects.create(user=alice, file_kinds=["text", "pdf"])
    with pytest.raises(errors.FileRefusedError, match="not allowed here"):
        upload(alice)
