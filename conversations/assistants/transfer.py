"""Assistants as JSON, to be taken to another account or site. What comes in is filled into the form
of assistants, which checks it as if it had been typed; its picture is made again as an uploaded one
is.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from chatsite.accounts.policy.starters import parse_starters
from chatsite.core.errors import UserFacingError
from chatsite.core.json_files import (
    TooDeepJSONError,
    TooLargeJSONError,
    UnreadableJSONError,
    read_json,
)
from conversations.assistants.content import AssistantContent
from conversations.models import Assistant
from conversations.parameters.definitions import BY_NAME, JSON_SCHEMA, RESPONSE_FORMAT
from conversations.parameters.forms import SCHEMA
from conversations.parameters.wording import escape_breaks

FORMAT = "chat-assistant"
MOST_BYTES = 256 * 1024
MOST_DEPTH = 6
TEXTS = ("name", "emoji", "description", "instructions", "model")
PICTURE = "picture_webp"


class UnreadableAssistantError(UserFacingError):
    """The file is none that an assistant can be made of."""

    status = 422


@dataclass(frozen=True)
class ImportedAssistant:
    """`fields`: those of the form as they would be typed; `picture` b"" without one."""

    fields: dict[str, str]
    picture: bytes = b""


def write_assistant(content: AssistantContent, picture: bytes = b"") -> str:
    record = make_record(content)
    if picture:
        record[PICTURE] = encode_picture(picture)
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def encode_picture(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


def make_record(content: AssistantContent) -> dict[str, Any]:
    starters = [{"title": title, "text": text} for title, text in parse_starters(content.starters)]
    return {"format": FORMAT, "version": 1} | content.to_fields() | {"starters": starters}


def describe_assistant(assistant: Assistant) -> dict[str, Any]:
    """Return all that is kept of one, with each of its versions as it is exported."""
    picture = getattr(assistant, "picture", None)
    return {
        "id": assistant.pk,
        "created_at": assistant.created_at,
        "removed_at": assistant.removed_at,
        "versions": [
            {"number": each.number, "created_at": each.created_at}
            | make_record(AssistantContent.of_version(each))
            for each in assistant.versions.all()
        ],
        PICTURE: encode_picture(picture.content) if picture else None,
    }


def read_assistant(content: bytes) -> ImportedAssistant:
    """Raises UnreadableAssistantError."""
    record = parse(content)
    if record.get("format") != FORMAT:
        raise UnreadableAssistantError(
            _("This file is no assistant: choose one that was exported from an assistant’s page.")
        )
    fields = {name: read_text(record, name) for name in TEXTS}
    fields |= {"starters": read_starters(record)} | read_parameters(record)
    return ImportedAssistant(fields, read_picture(record))


def parse(content: bytes) -> dict[str, Any]:
    try:
        record = read_json(content, most_bytes=MOST_BYTES, most_depth=MOST_DEPTH)
    except TooLargeJSONError:
        raise UnreadableAssistantError(
            _("This file is too large for an assistant: it may have %(count)d KB.")
            % {"count": MOST_BYTES // 1024}
        ) from None
    except TooDeepJSONError:
        record = None
    except UnreadableJSONError:
        raise UnreadableAssistantError(
            _("This file isn’t JSON. Export the assistant again.")
        ) from None
    if not isinstance(record, dict):
        raise UnreadableAssistantError(_("This JSON is no assistant. Export the assistant again."))
    return record


def read_text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name, "")
    if not isinstance(value, str):
        raise make_wrong(name, _("a text"))
    return value


def read_picture(record: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(read_text(record, PICTURE), validate=True)
    except (binascii.Error, ValueError):
        raise make_wrong(PICTURE, _("an image in base64")) from None


def make_wrong(name: str, wanted: str) -> UnreadableAssistantError:
    return UnreadableAssistantError(
        _("“%(name)s” in this file has to be %(wanted)s.") % {"name": name, "wanted": wanted}
    )


def read_starters(record: Mapping[str, Any]) -> str:
    starters = record.get("starters", [])
    if not isinstance(starters, list) or not all(isinstance(each, dict) for each in starters):
        raise make_wrong("starters", _("a list of titles and texts"))
    lines = []
    for each in starters:
        title, text = (" ".join(read_text(each, name).split()) for name in ("title", "text"))
        lines.append(f"{title} | {text}" if title else text)
    return "\n".join(lines)


def read_parameters(record: Mapping[str, Any]) -> dict[str, str]:
    parameters = record.get("parameters", {})
    if not isinstance(parameters, dict):
        raise make_wrong("parameters", _("an object"))
    if unknown := sorted(parameters.keys() - BY_NAME.keys()):
        raise UnreadableAssistantError(
            _("This file has a parameter that isn’t known here: “%(name)s”.")
            % {"name": unknown[0][:60]}
        )
    return dict(
        field for name, value in parameters.items() for field in to_typed(name, value).items()
    )


def to_typed(name: str, value: object) -> dict[str, str]:
    match value:
        case list() if all(isinstance(word, str) for word in value):
            return {name: "\n".join(escape_breaks(word) for word in value)}
        case {"type": str(kind), "schema": str(schema)} if kind == JSON_SCHEMA:
            return {name: kind, SCHEMA: schema}
        case {"type": str(kind)} if name == RESPONSE_FORMAT.name:
            return {name: kind}
        case bool() | list() | dict() | None:
            raise make_wrong(name, _("a number or a text"))
        case _:
            return {name: str(value)}
