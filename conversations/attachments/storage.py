"""Where the bytes of files are, by way of Django's storages: a folder for each content of each
owner. It is on the disk, or in a bucket (chatsite/s3), where each function may wait for seconds:
no transaction is open meanwhile, and in a request no connection to the database is held.

    files     <2 letters>/<content key>/original, view, model, small, page-1, first-12 …
    uploads   <attachment>/<offset>: the pieces of a file that is being uploaded

What is in `files` is never changed: it is written before a row speaks of it, and removed after no
row does any more (removal.py).
"""

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages

ORIGINAL = "original"
FIRST_PAGES = "first-"
OFFSET_DIGITS = 15


def name_first_pages(count: int) -> str:
    """Return the name of the PDF of so many first pages."""
    return f"{FIRST_PAGES}{count}"


def make_content_key(owner_id: int, content: bytes) -> str:
    """Return the same for the same bytes of one owner, and of them alone: shared between owners, a
    file that is there already would tell that somebody has it.
    """
    digest = hashlib.sha256(content).hexdigest()
    return hashlib.sha256(f"{owner_id} {digest}".encode()).hexdigest()


def write_content(key: str, outputs: Mapping[str, bytes]) -> None:
    """Write all that is kept of a file; it is on the disk when this returns."""
    for name, content in outputs.items():
        _write(_files(), _name_content(key, name), content)


def open_content(key: str, name: str) -> File[Any]:
    """Open it to read. Raises FileNotFoundError, and OSError where the storage fails, as all that
    is here does.
    """
    return _files().open(_name_content(key, name))


def stream_content(key: str, name: str) -> Iterator[bytes]:
    """Yield it in pieces; it is open only while somebody reads."""
    with open_content(key, name) as file:
        yield from file.chunks()


def has_content(key: str, names: Iterable[str]) -> bool:
    return set(names) <= set(_list_files(_files(), _name_folder(key)))


def remove_content(key: str) -> None:
    _remove_folder(_files(), _name_folder(key))


def write_piece(upload: uuid.UUID, offset: int, piece: bytes) -> None:
    """Write a piece of a file; the same once more takes its place."""
    _write(_uploads(), f"{upload}/{offset:0{OFFSET_DIGITS}}", piece)


def read_pieces(upload: uuid.UUID) -> Iterator[bytes]:
    """Yield the pieces in their order."""
    storage = _uploads()
    for name in sorted(_list_files(storage, str(upload))):
        with storage.open(f"{upload}/{name}") as file:
            yield file.read()


def remove_pieces(upload: uuid.UUID) -> None:
    _remove_folder(_uploads(), str(upload))


def list_uploads() -> list[uuid.UUID]:
    """Return of which files there are pieces."""
    try:
        folders, _ = _uploads().listdir("")
    except FileNotFoundError:
        return []
    found = []
    for folder in folders:
        with suppress(ValueError):
            found.append(uuid.UUID(folder))
    return found


def list_contents() -> Iterator[str]:
    """Yield the keys of all contents that there are."""
    storage = _files()
    with suppress(FileNotFoundError):
        for shelf in storage.listdir("")[0]:
            yield from storage.listdir(shelf)[0]


def _files() -> Storage:
    return storages["files"]


def _uploads() -> Storage:
    return storages["uploads"]


def _name_folder(key: str) -> str:
    return f"{key[:2]}/{key}"


def _name_content(key: str, name: str) -> str:
    return f"{_name_folder(key)}/{name}"


def _write(storage: Storage, name: str, content: bytes) -> None:
    storage.save(name, ContentFile(content))
    # Of storages that are no folder, their service sees to it.
    with suppress(NotImplementedError):
        handle = os.open(storage.path(name), os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _list_files(storage: Storage, folder: str) -> list[str]:
    try:
        return storage.listdir(folder)[1]
    except FileNotFoundError:
        return []


def _remove_folder(storage: Storage, folder: str) -> None:
    for name in _list_files(storage, folder):
        storage.delete(f"{folder}/{name}")
    # Where folders are things of their own; another process may have been faster.
    with suppress(OSError):
        storage.delete(folder)
