"""Where ClamAV is asked, nothing is kept or read that it hasn't let pass."""

import socket
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.attachments import errors, storage, uploads
from conversations.attachments.models import Attachment
from tests.attachments.clamav import ClamAV

pytestmark = pytest.mark.django_db


@pytest.fixture
def scanner(settings: Settings) -> Iterator[ClamAV]:
    with ClamAV() as server:
        settings.CLAMD_URL = server.url
        yield server


def upload(owner: User, content: bytes) -> Attachment:
    file = uploads.begin_upload(owner=owner, name="a.txt", size=len(content), draft="new")
    return uploads.take_piece(owner=owner, file_id=file.pk, offset=0, piece=content)


def test_it_is_given_the_file_as_it_came(alice: User, scanner: ClamAV) -> None:
    content = b"Milk and bread\n" * 10_000
    assert upload(alice, content).is_ready
    assert scanner.received == [content]


def test_a_file_with_a_virus_is_refused_and_forgotten(alice: User, scanner: ClamAV) -> None:
    with pytest.raises(errors.FileRefusedError, match="has a virus"):
        upload(alice, ClamAV.signature)
    assert not Attachment.objects.exists()
    assert storage.list_uploads() == []
    assert list(storage.list_contents()) == []


def test_while_nobody_can_look_no_file_is_taken_and_none_is_lost(
    alice: User, settings: Settings
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(errors.FileBusyError, match="can’t be checked"):
        upload(alice, b"Milk")
    settings.CLAMD_URL = ""
    file = Attachment.objects.get()
    again = uploads.take_piece(owner=alice, file_id=file.pk, offset=4, piece=b"")
    assert again.is_ready


def test_a_file_that_is_too_large_for_it_is_not_taken(alice: User, settings: Settings) -> None:
    with ClamAV("INSTREAM size limit exceeded. ERROR") as server:
        settings.CLAMD_URL = server.url
        with pytest.raises(errors.FileBusyError):
            upload(alice, b"Milk")
