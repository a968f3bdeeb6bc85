"""Prompts as a file: what a download is, and what is read of a file that people bring.

A file is JSON: ours, or what Open WebUI exports. It is read whole before anything of it is saved,
and what is wrong is said with the number of the entry.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from chatsite.core.errors import UserFacingError
from chatsite.core.json_files import TooLargeJSONError, UnreadableJSONError, read_json
from chatsite.core.visible import has_visible, to_visible_line
from conversations.prompt_library.models import DESCRIPTION_LENGTH, TEXT_LENGTH, SavedPrompt
from conversations.prompt_library.names import make_name
from conversations.prompt_library.services import MOST_PROMPTS, PromptContent

FORMAT = "prompts"
VERSION = 1
MOST_BYTES = 1024 * 1024
# Deeper than any file of prompts.
MOST_DEPTH = 20
# How many entries are named that are wrong.
MOST_SAID = 10


class InvalidFileError(UserFacingError):
    """The file isn't one of prompts, or some of it is wrong: `reasons`."""

    status = 422

    def __init__(self, sentence: str, reasons: Iterable[str] = ()) -> None:
        super().__init__(sentence)
        self.reasons = list(reasons)


def make_record(prompt: SavedPrompt) -> dict[str, Any]:
    return {
        "name": prompt.name,
        "description": prompt.description,
        "text": prompt.text,
        "created_at": prompt.created_at.isoformat(),
        "changed_at": prompt.changed_at.isoformat(),
    }


def write_file(prompts: Iterable[SavedPrompt]) -> Iterator[str]:
    """Yield a file of prompts in pieces."""
    head = json.dumps({"format": FORMAT, "version": VERSION}).removesuffix("}")
    yield f'{head}, "prompts": ['
    separator = "\n"
    for prompt in prompts:
        yield separator + json.dumps(make_record(prompt), ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def read_file(content: bytes) -> list[PromptContent]:
    """Return what a file has. Raises InvalidFileError."""
    entries = list_entries(parse(content))
    if not entries:
        raise InvalidFileError(_("There are no prompts in this file."))
    if len(entries) > MOST_PROMPTS:
        raise InvalidFileError(
            _("This file has more than %(count)s prompts. Split it.")
            % {"count": f"{MOST_PROMPTS:,}"}
        )
    found: list[PromptContent] = []
    reasons: list[str] = []
    for number, entry in enumerate(entries, start=1):
        try:
            found.append(read_entry(entry))
        except ValueError as error:
            reasons.append(_("Entry %(number)d: %(reason)s") % {"number": number, "reason": error})
    if reasons:
        raise InvalidFileError(
            _("Nothing was imported. Mend the file and try again."), reasons[:MOST_SAID]
        )
    return found


def parse(content: bytes) -> object:
    """Raises InvalidFileError."""
    try:
        return read_json(content, most_bytes=MOST_BYTES, most_depth=MOST_DEPTH)
    except TooLargeJSONError:
        raise InvalidFileError(_("This file is larger than 1 MB. Split it.")) from None
    except UnreadableJSONError:
        raise InvalidFileError(
            _("This file isn’t JSON. Choose one that was downloaded here or from Open WebUI.")
        ) from None


def list_entries(read: object) -> list[object]:
    """Return the entries of a file: of a list of them, of one alone, or of a file of ours."""
    if isinstance(read, list):
        return read
    if isinstance(read, dict):
        prompts = read.get("prompts")
        if isinstance(prompts, list):
            return prompts
        return [read]
    return []


def read_entry(entry: object) -> PromptContent:
    """Raises ValueError, which says what is wrong."""
    if not isinstance(entry, dict):
        raise ValueError(_("This is no prompt, but a value without names."))
    text = read_text(entry, "text", "content")
    if not has_visible(text):
        raise ValueError(_("It has no text."))
    if len(text) > TEXT_LENGTH:
        raise ValueError(
            _("Its text is longer than %(count)s characters.") % {"count": f"{TEXT_LENGTH:,}"}
        )
    title = to_visible_line(read_text(entry, "description", "title"))
    name = make_name(read_text(entry, "name" if "command" not in entry else "command"))
    name = name or make_name(title)
    if not name:
        raise ValueError(_("It has no name with letters or digits."))
    if len(title) > DESCRIPTION_LENGTH:
        raise ValueError(
            _("Its description is longer than %(count)d characters.")
            % {"count": DESCRIPTION_LENGTH}
        )
    return PromptContent(name, title, text)


def read_text(entry: dict[str, object], *names: str) -> str:
    """Return the first of these that there is; empty without. Raises ValueError."""
    value = next((entry[name] for name in names if entry.get(name) is not None), "")
    if not isinstance(value, str):
        raise ValueError(_("“%(name)s” is no text.") % {"name": names[0]})
    return value
