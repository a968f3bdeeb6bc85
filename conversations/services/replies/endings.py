"""Endings of replies in files, where the database can't take them: written at an outage, taken up
at the next start.

A file is whole or isn't there, and only its owner can read it. It names the process that wrote the
reply, so that it fits no other database's message. Taking one up twice is the same as once. What
can't be read is set aside, for somebody to look at, and the start goes on. Several processes may
share the folder, and start at once.
"""

import errno
import hashlib
import json
import logging
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DatabaseError, connection
from django.db.models import Field

from chatsite.core.database_errors import is_unavailable
from chatsite.jobs.processes import PROCESS, list_living_names
from conversations.models import Message
from conversations.services.replies.usage import Spent, end_reply

logger = logging.getLogger(__name__)

FORMAT = 1
# Below DATA_DIR.
FOLDER = "unsaved-replies"
# Made again from the text: a file is no place to take markup from.
HTML = {"html": "", "html_version": 0}
# Freed when the disk is full and the process ends: room for what people are waiting for.
RESERVE_BYTES = 1024 * 1024


class EndingUnreadableError(Exception):
    """A file that no ending can be made of."""


@dataclass(frozen=True)
class Ending:
    """How a reply ended: what is saved of it, in the words of `usage.end_reply`."""

    message: int
    owner: int | None
    # The boot id of the process; "" of a reply that it could not claim.
    writer: str
    values: dict[str, Any]
    spent: Spent | None


def find_endings_folder() -> Path:
    return Path(settings.DATA_DIR) / FOLDER


def make_ending_path(ending: Ending) -> Path:
    return find_endings_folder() / f"{ending.writer}-{ending.message}.json"


def reserve_room() -> None:
    """Take a little room now, for a day on which there is none."""
    path = find_endings_folder() / "reserve"
    try:
        find_endings_folder().mkdir(mode=0o700, exist_ok=True)
        if path.exists() and path.stat().st_size == RESERVE_BYTES:
            return
        handle = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
        try:
            os.posix_fallocate(handle, 0, RESERVE_BYTES)
        finally:
            os.close(handle)
    except OSError as error:
        logger.warning("no room could be reserved for unsaved replies: %s", error.strerror)


def write_ending(ending: Ending, *, at_any_cost: bool = False) -> bool:
    """Write the ending to its file, unless it is there; whether it is there now.

    A reply that was never claimed has nothing that a file would have to keep.
    """
    if not ending.writer:
        return True
    path = make_ending_path(ending)
    try:
        if not path.exists():
            write_whole_file(path, dump_ending(ending))
    except OSError as error:
        if at_any_cost and error.errno in (errno.ENOSPC, errno.EDQUOT):
            (find_endings_folder() / "reserve").unlink(missing_ok=True)
            return write_ending(ending)
        logger.warning("reply %s can't be kept in a file: %s", ending.message, error.strerror)
        return False
    return True


def discard_ending(ending: Ending) -> None:
    if ending.writer:
        make_ending_path(ending).unlink(missing_ok=True)


def write_whole_file(path: Path, content: str) -> None:
    """Write a file that is whole from the first moment, and there after a loss of power."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{PROCESS.hex}-", suffix=".draft")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink()
        raise


def take_up_endings() -> int:
    """Save what earlier processes left in files; return how many replies those were.

    Raises DatabaseError where the database is away: then all of them are still there.
    """
    saved = 0
    for path in sorted(find_endings_folder().glob("*.json")):
        try:
            ending = load_ending(path.read_text(encoding="utf-8"))
            apply_ending(ending)
        except DatabaseError as error:
            connection.close()
            if is_unavailable(error):
                raise
            set_aside_file(path, error)
        except FileNotFoundError:
            # Another process has just taken it up.
            continue
        except (OSError, ValueError, EndingUnreadableError) as error:
            set_aside_file(path, error)
        else:
            path.unlink(missing_ok=True)
            saved += 1
    remove_drafts()
    if saved:
        logger.warning("%d replies that could not be saved before are saved now", saved)
    return saved


def remove_drafts() -> None:
    """Remove what processes that died were about to write."""
    living = set(list_living_names())
    for draft in find_endings_folder().glob("*.draft"):
        if draft.name.partition("-")[0] not in living:
            draft.unlink(missing_ok=True)


def apply_ending(ending: Ending) -> None:
    """Save it, unless its message has been deleted since: then nothing of it is kept or counted."""
    if Message.objects.filter(pk=ending.message, writer=ending.writer).exists():
        end_reply(ending.message, ending.owner, ending.values, ending.spent, writer=ending.writer)


def set_aside_file(path: Path, error: Exception) -> None:
    aside = path.with_suffix(".unreadable")
    try:
        path.rename(aside)
    except FileNotFoundError:
        # Another process was quicker.
        return
    logger.error("%s can't be taken up (%s), and was set aside", aside, error)


def dump_ending(ending: Ending) -> str:
    content = asdict(ending)
    content["values"] = ending.values | HTML
    body = json.dumps(content, default=to_json_value, ensure_ascii=False, sort_keys=True)
    return json.dumps({"format": FORMAT, "sum": make_checksum(body), "ending": body})


def to_json_value(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in a file")


def make_checksum(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def load_ending(content: str) -> Ending:
    """Raises EndingUnreadableError, or ValueError where it isn't JSON at all."""
    outer = json.loads(content)
    try:
        if outer["format"] != FORMAT or outer["sum"] != make_checksum(outer["ending"]):
            raise EndingUnreadableError("another format, or not whole")
        inner = json.loads(outer["ending"])
        return Ending(
            message=int(inner["message"]),
            owner=inner["owner"],
            writer=inner["writer"],
            values={name: parse_value(name, value) for name, value in inner["values"].items()},
            spent=parse_spent(inner["spent"]),
        )
    except (AttributeError, KeyError, TypeError, FieldDoesNotExist, ValidationError) as error:
        raise EndingUnreadableError(f"{type(error).__name__}: {error}") from error


def parse_value(name: str, value: Any) -> Any:
    """Return it as the field of a message has it."""
    field = Message._meta.get_field(name)
    if not isinstance(field, Field):
        raise EndingUnreadableError(f"{name} can't be saved")
    return field.to_python(value)


def parse_spent(values: dict[str, Any] | None) -> Spent | None:
    if values is None:
        return None
    return Spent(**values | {"cost_usd": Decimal(values["cost_usd"])})
