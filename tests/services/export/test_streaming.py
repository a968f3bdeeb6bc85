"""The ZIP of everything of one user, while it is sent."""

import io
import tracemalloc
import uuid
import zipfile
from collections.abc import Iterator

import pytest

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.services import export
from tests.factories import make_conversation, make_long_conversation


@pytest.fixture
def pieces(alice: User) -> Iterator[bytes]:
    # Bytes that can't be compressed away.
    for _ in range(4):
        make_conversation(alice, "".join(uuid.uuid4().hex for _ in range(6_000)))
    return export.make_archive(user=alice)


def test_it_leaves_in_pieces(pieces: Iterator[bytes]) -> None:
    assert len(list(pieces)) > 4


def test_what_is_deleted_meanwhile_is_left_out(pieces: Iterator[bytes]) -> None:
    begun = next(pieces)
    Conversation.objects.all().delete()
    archive = zipfile.ZipFile(io.BytesIO(begun + b"".join(pieces)))
    assert archive.testzip() is None
    assert len(archive.namelist()) < 10


def test_who_goes_away_leaves_nothing_open(pieces: Iterator[bytes]) -> None:
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    with pytest.raises(StopIteration):
        next(pieces)


def test_memory_does_not_grow_with_the_conversation(alice: User) -> None:
    conversation = make_long_conversation(alice, 3_000)
    conversation.messages.update(text="word " * 1_000)
    tracemalloc.start()
    size = sum(len(piece) for piece in export.make_archive(user=alice))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size
    assert peak < 8_000_000  # of 15 MB of text
