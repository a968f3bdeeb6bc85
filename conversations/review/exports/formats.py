"""The forms that a conversation is written in. Each is given the messages in pages and asks the
database nothing, so that writing may be done in any thread.
"""

import codecs
import json
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from chatsite.core.csv_files import rows_as_csv
from conversations.content import make_chat_message
from conversations.model_api import ImagePart, MediaPart
from conversations.model_api.parts import make_content, split_content
from conversations.model_api.request_body import encode_content, read_base64
from conversations.models import Message
from conversations.review.exports import records
from conversations.review.exports.reading import ExportedConversation
from conversations.services.export import to_json

# Line breaks to some readers, though not to JSON.
BREAKS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})
LEFT_OUT = {*Message.RUNNING, Message.Status.FAILED}


class ConversationWriter(Protocol):
    """What writes one conversation."""

    def write_messages(self, messages: Sequence[Message]) -> bytes: ...

    def finish(self) -> bytes: ...


class FineTuningWriter:
    """One line of “messages”, as fine-tuning takes them: the system prompt, then questions and
    replies in turn.

    A reply that failed, is empty or still being written is left out. Questions that got none stand
    together with the next one, as the model was sent them; those at the end are left out, and a
    conversation without any reply makes no line. Pictures are in it, as data URLs; of other files
    their text, as fine-tuning takes no more.
    """

    head = b""

    def __init__(self, exported: ExportedConversation) -> None:
        self._shown = exported.shown
        # Nobody is to learn a name by heart.
        self._system = records.conceal_name(exported)["system_prompt"]
        self._asked: list[Message] = []
        self._begun = False

    def write_messages(self, messages: Sequence[Message]) -> bytes:
        lines: list[str] = []
        for message in messages:
            is_said = bool(message.text.strip() or message.file_count)
            if message.pk not in self._shown or not is_said:
                continue
            if message.is_user:
                self._asked.append(message)
            elif self._asked and message.status not in LEFT_OUT:
                lines += self._turn(message.text)
                self._asked.clear()
        return encode_text("".join(lines))

    def _turn(self, reply: str) -> Iterator[str]:
        if self._begun:
            yield ", "
        else:
            self._begun = True
            yield '{"messages": ['
            if self._system.strip():
                yield f"{format_message('system', self._system)}, "
        question = format_message("user", build_question(self._asked))
        yield f"{question}, {format_message('assistant', reply)}"

    def finish(self) -> bytes:
        return b"]}\n" if self._begun else b""


def build_question(messages: Sequence[Message]) -> str | list[Any]:
    """Return what the model is sent of these: text, or parts of which some are pictures."""
    content = make_chat_message("user", messages)["content"]
    shown = make_content(map(show_picture, split_content(content)))
    return encode_content(shown, make_data_url)


def show_picture(piece: str | MediaPart) -> str | MediaPart:
    """Return a picture that can be read as it is; of all else what is said of it in words."""
    if isinstance(piece, str) or (isinstance(piece, ImagePart) and is_readable(piece)):
        return piece
    return piece.instead


def is_readable(part: MediaPart) -> bool:
    try:
        with part.blob.open():
            return True
    except OSError:
        return False


def make_data_url(part: MediaPart) -> str:
    return f"data:{part.media_type};base64,{b''.join(read_base64(part)).decode()}"


def format_message(role: str, content: str | list[Any]) -> str:
    return json.dumps({"role": role, "content": content}, ensure_ascii=False)


class EverythingWriter:
    """One line with everything that reviewers see."""

    head = b""

    def __init__(self, exported: ExportedConversation, *, with_names: bool) -> None:
        record = records.build_conversation(exported, with_names=with_names)
        self._before = f'{to_json(record, indent=None)[:-1]}, "messages": ['
        self._shown = exported.shown

    def write_messages(self, messages: Sequence[Message]) -> bytes:
        lines = []
        for message in messages:
            record = records.build_message(message, is_shown=message.pk in self._shown)
            lines.append(f"{self._before}{to_json(record, indent=None)}")
            self._before = ", "
        return encode_text("".join(lines))

    def finish(self) -> bytes:
        # Of one without messages nothing is written yet.
        return encode_text(("" if self._before == ", " else self._before) + "]}\n")


class CsvWriter:
    """CSV: one message a row, with its conversation beside it."""

    head = b"".join(rows_as_csv([records.HEADINGS]))

    def __init__(self, exported: ExportedConversation, *, with_names: bool) -> None:
        self._columns = records.list_conversation_cells(exported, with_names=with_names)
        self._shown = exported.shown

    def write_messages(self, messages: Sequence[Message]) -> bytes:
        rows = [
            [*self._columns, *records.list_message_cells(each, is_shown=each.pk in self._shown)]
            for each in messages
        ]
        # What marks it as UTF-8 stands at the beginning of the file alone.
        return b"".join(rows_as_csv(rows)).removeprefix(codecs.BOM_UTF8)

    def finish(self) -> bytes:
        return b""


def encode_text(text: str) -> bytes:
    """Encode as UTF-8, whatever the text: half a character becomes a question mark."""
    return text.translate(BREAKS).encode("utf-8", "replace")
