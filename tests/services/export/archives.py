"""What a user gets of their own data, opened again."""

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.services import export
from tests.factories import add_message

CREATED = datetime(2025, 3, 1, 23, 30, tzinfo=UTC)


def downloaded(user: User) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(export.make_archive(user=user))))
    assert archive.testzip() is None
    return archive


def read_json(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


def the_conversation(user: User) -> Any:
    archive = downloaded(user)
    (name,) = [name for name in archive.namelist() if name.endswith(".json") and "/" in name]
    return read_json(archive, name)


def the_transcript(user: User) -> str:
    archive = downloaded(user)
    (name,) = [name for name in archive.namelist() if name.endswith(".md")]
    return archive.read(name).decode()


def names(user: User) -> list[str]:
    """Of the transcripts, without folder and extension."""
    found = downloaded(user).namelist()
    return [name.removeprefix("conversations/")[:-3] for name in found if name.endswith(".md")]


def add_sibling(conversation: Conversation, text: str) -> None:
    assert conversation.leaf
    add_message(conversation, role="assistant", parent_id=conversation.leaf.parent_id, text=text)
    conversation.save(update_fields=["leaf"])
