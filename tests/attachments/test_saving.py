"""What has come of a file is kept, or stays until it can be."""

import stat
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.utils import timezone
from pytest_django import Settings

from chatsite.accounts.models import User
from chatsite.jobs.failures import JobIncompleteError
from chatsite.private_folder import private_folder
from conversations.attachments import errors, removal, storage, uploads
from conversations.attachments.models import Attachment, RemovedContent
from tests.attachments.factories import list_kept, make_text_file
from tests.s3_server import S3Server

pytestmark = pytest.mark.django_db

TEXT = b"Milk and bread\n"


def begin(owner: User) -> Attachment:
    return uploads.begin_upload(owner=owner, name="list.txt", size=len(TEXT), draft="new")


def send(owner: User, file: Attachment, offset: int, piece: bytes) -> Attachment:
    return uploads.take_piece(owner=owner, file_id=file.pk, offset=offset, piece=piece)


def upload(owner: User) -> Attachment:
    return send(owner, begin(owner), 0, TEXT)


def test_nobody_else_on_the_machine_may_read_the_bytes(alice: User) -> None:
    file = upload(alice)
    path = Path(storages["files"].path(f"{file.content_key[:2]}/{file.content_key}/original"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_where_there_is_no_room_it_says_so_and_the_upload_goes_on_later(
    alice: User, settings: Settings, tmp_path: Path
) -> None:
    file = begin(alice)
    usual = settings.STORAGES
    (tmp_path / "disk").write_text("A file where a folder should be.")
    settings.STORAGES = usual | {"uploads": private_folder(tmp_path / "disk")}
    with pytest.raises(errors.FileNotSavedError, match="no room"):
        send(alice, file, 0, TEXT)
    settings.STORAGES = usual | {"files": private_folder(tmp_path / "disk")}
    with pytest.raises(errors.FileNotSavedError, match="no room"):
        send(alice, file, 0, TEXT)
    settings.STORAGES = usual
    assert send(alice, file, len(TEXT), b"").is_ready


def test_while_the_bucket_is_away_it_says_so_and_the_upload_goes_on_later(
    alice: User, settings: Settings, bucket: S3Server
) -> None:
    file = begin(alice)
    bucket.fault = "InternalError"
    with pytest.raises(errors.FileBusyError, match="can’t reach its file storage"):
        send(alice, file, 0, TEXT)
    bucket.fault = ""
    assert send(alice, file, 0, TEXT).is_ready


def test_a_bucket_that_goes_away_while_a_file_is_kept_costs_nothing(
    alice: User, bucket: S3Server
) -> None:
    file = begin(alice)
    send(alice, file, 0, TEXT[:5])
    storage.write_piece(file.pk, 5, TEXT[5:])
    Attachment.objects.update(received=len(TEXT))
    bucket.fault = "InternalError"
    with pytest.raises(errors.FileBusyError):
        send(alice, file, len(TEXT), b"")
    bucket.fault = ""
    assert send(alice, file, len(TEXT), b"").is_ready


def test_a_bucket_that_refuses_is_for_an_administrator(alice: User, bucket: S3Server) -> None:
    bucket.fault = "QuotaExceeded"
    with pytest.raises(errors.FileNotSavedError, match="refuses it"):
        upload(alice)


def test_pieces_that_can_not_be_removed_are_swept_later(alice: User, bucket: S3Server) -> None:
    file = begin(alice)
    send(alice, file, 0, TEXT[:5])
    bucket.fault = "AccessDenied"
    uploads.discard_upload(owner=alice, file_id=file.pk)
    bucket.fault = ""
    assert storage.list_uploads() == [file.pk]
    removal.remove_unsent()
    assert storage.list_uploads() == []


@pytest.mark.usefixtures("each_storage")
def test_a_file_whose_bytes_are_being_removed_is_kept_a_moment_later(alice: User) -> None:
    key = storage.make_content_key(alice.pk, TEXT)
    note = RemovedContent.objects.create(
        content_key=key, owner_id=alice.pk, removal_began_at=timezone.now()
    )
    file = begin(alice)
    with pytest.raises(errors.FileBusyError, match="Try again"):
        send(alice, file, 0, TEXT)
    note.delete()
    assert send(alice, file, len(TEXT), b"").is_ready


@pytest.mark.usefixtures("each_storage")
def test_a_file_whose_bytes_were_lost_is_whole_again_when_it_is_sent_again(alice: User) -> None:
    first = upload(alice)
    storage.remove_content(first.content_key)
    assert upload(alice).content_key == first.content_key
    assert list_kept() == [first.content_key]


@pytest.mark.usefixtures("each_storage")
def test_a_removal_whose_process_died_is_done_again(alice: User) -> None:
    make_text_file(alice).delete()
    note = RemovedContent.objects.get()
    assert removal.begin_removal(note)
    # By another process: not at the same time.
    assert not removal.begin_removal(note)
    late = timezone.now() - removal.LONGEST_REMOVAL * 1.1
    RemovedContent.objects.update(removal_began_at=late)
    removal.remove_contents()
    assert list_kept() == []
    assert not RemovedContent.objects.exists()


def test_bytes_whose_removal_failed_can_be_kept_again(alice: User, bucket: S3Server) -> None:
    upload(alice).delete()
    bucket.fault = "AccessDenied"
    with pytest.raises(JobIncompleteError):
        removal.remove_contents()
    bucket.fault = ""
    file = upload(alice)
    assert list_kept() == [file.content_key]
    assert not RemovedContent.objects.exists()
