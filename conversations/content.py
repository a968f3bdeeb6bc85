"""What a message consists of: files, and its text.

What is stored of it, how much it may be, what it counts and what the model is sent of it is decided
here and nowhere else, so that another kind of content is added here; of a file in
attachments/chat_parts.py. Pure: nothing is read or written, but that a message's files are to be
there (attachments.queries.load_files).
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from typing import Literal

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from chatsite.core.errors import UserFacingError
from chatsite.core.storable import to_storable_text
from chatsite.core.visible import has_visible
from conversations.attachments import chat_parts
from conversations.attachments.alternatives import Alternative, Room, list_alternatives
from conversations.model_api import ChatMessage
from conversations.model_api.parts import (
    MediaPart,
    append_text,
    extract_text,
    iterate_media,
    make_content,
)
from conversations.models import Attachment, Message

# A token of English is about four bytes of UTF-8; each message costs a few more for its role and
# its ends.
BYTES_PER_TOKEN = 4
TOKENS_PER_MESSAGE = 4


# What the model is told when a reply is had again, in English: that is what it follows best.
INSTRUCTIONS = {
    Message.Instruction.SHORTER: (
        "Answer in about half as many words as you would have, in the language of the conversation."
    ),
    Message.Instruction.LONGER: (
        "Answer in more detail, in about twice as many words as you would have, in the language of "
        "the conversation."
    ),
}


# OpenAI's API refuses to be asked for a JSON object where no message says the word.
JSON_WORD = "json"
AS_JSON = "Answer with one JSON object."

# Longer than any that would stand at the beginning of a line of JSON.
JSON_FENCE = "`" * 16

# What the model is told when a reply is to grow on. It is a user's entry: strict servers want one
# at the end, and OpenAI's models take an assistant's there for one that is through. What comes is
# joined to what there is without a character between.
CONTINUE = (
    "Continue exactly where your last message stopped: what you write now is put directly behind "
    "its last character. Begin with the rest of a word that was cut, or with the space or line "
    "break that belongs there. Repeat nothing, introduce nothing, explain nothing, and don’t open "
    "a code block, a list or a table again that is still open."
)


class InvalidMessageError(UserFacingError):
    """The message itself can't be sent, now or later."""

    status = 422


class FilesTooLongError(InvalidMessageError):
    """Files are more than the model is sent; the alternatives would do."""

    def __init__(self, sentence: str, alternatives: Sequence[Alternative] = ()) -> None:
        super().__init__(sentence)
        self.alternatives = alternatives


def clean_message(text: str, *, system_prompt: str, budget: int, has_files: bool = False) -> str:
    """Return the text of a message as it is saved; it may be empty beside files. Raises
    InvalidMessageError.
    """
    text = to_storable_text(text)
    if not has_visible(text):
        if has_files:
            return ""
        raise InvalidMessageError(_("Write a message first."))
    told = estimate_tokens(system_prompt)
    if told >= budget:
        raise InvalidMessageError(
            _(
                "What the model is told in this chat fills what it can be sent: about %(tokens)s "
                "of %(budget)s tokens. Leave out your instructions, or choose another model or "
                "assistant."
            )
            % {"tokens": f"{told:,}", "budget": f"{budget:,}"}
        )
    if not fits_budget(text, system_prompt=system_prompt, budget=budget):
        raise InvalidMessageError(
            _(
                "This message is too long: about %(tokens)s tokens, where the model is sent "
                "at most %(budget)s. Shorten it or send it in parts."
            )
            % {"tokens": f"{estimate_tokens(text):,}", "budget": f"{budget:,}"}
        )
    return text


def check_files(
    message: Message,
    *,
    system_prompt: str,
    budget: int,
    request_limit: int,
    can_choose: bool = True,
) -> None:
    """Raises FilesTooLongError where a message with its files could never be sent whole; with
    alternatives, if its sender can choose one.
    """
    files = list_files(message)
    room = find_room(message, system_prompt=system_prompt, budget=budget, limit=request_limit)
    if room.holds(files):
        return
    sizes = {file: chat_parts.count_file_tokens(file) for file in files}
    largest = max(files, key=lambda file: sizes[file])
    total = sum(sizes.values())
    if sizes[largest] > room.tokens:
        sentence = _(
            "“%(name)s” is too long for the model: about %(tokens)s tokens, where it is sent "
            "at most %(budget)s with a message and its instructions. Remove it, or attach a "
            "shorter part of it."
        ) % {"name": largest.name, "tokens": f"{sizes[largest]:,}", "budget": f"{budget:,}"}
        alternatives = list_alternatives(files, room, named=largest) if can_choose else []
        raise FilesTooLongError(sentence, alternatives)
    if total > room.tokens:
        sentence = _(
            "The files of this message are too long together: about %(tokens)s tokens, where "
            "the model is sent at most %(budget)s. Send them in several messages, or remove "
            "some."
        ) % {"tokens": f"{total:,}", "budget": f"{budget:,}"}
    else:
        sentence = _(
            "The files of this message are too large together: the model is sent at most "
            "%(most)s at once, and a file takes a third more than its size. Send them in "
            "several messages, or remove some."
        ) % {"most": filesizeformat(request_limit)}
    raise FilesTooLongError(sentence, list_alternatives(files, room) if can_choose else [])


def find_room(message: Message, *, system_prompt: str, budget: int, limit: int) -> Room:
    """Return what a message's text and what the model is told leave for its files."""
    taken = estimate_tokens(system_prompt) + estimate_tokens(message.text)
    return Room(budget - taken, limit)


def fits_budget(text: str, *, system_prompt: str, budget: int) -> bool:
    """Return whether a message could be sent at all, were it the only one."""
    return estimate_tokens(system_prompt) + estimate_tokens(text) <= budget


def make_idempotency_key(token: str, text: str, files: Iterable[uuid.UUID] = ()) -> str:
    """Return the same key for the same form with the same content; another text, or other files,
    from a form kept open are a new message.
    """
    ids = "".join(f"\0{file}" for file in files)
    return hashlib.sha256(f"{token}\0{text}{ids}".encode()).hexdigest()


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a message of this text takes."""
    return TOKENS_PER_MESSAGE + -(-count_bytes(text) // BYTES_PER_TOKEN)


def count_tokens(message: Message) -> int:
    """Return the tokens of what is sent of a message. Where more are reported than its text has
    bytes, most were thinking, which is not sent.
    """
    reported = None if message.usage_estimated else message.completion_tokens
    if reported and reported <= count_bytes(message.text):
        return reported
    files = sum(map(chat_parts.count_file_tokens, list_files(message)))
    note = -(-count_bytes(message.context_note) // BYTES_PER_TOKEN) if message.context_note else 0
    return estimate_tokens(message.text) + note + files


def count_sent_tokens(message: ChatMessage) -> int:
    """Return about how many tokens an entry of the `messages` array takes."""
    content = message["content"]
    media = sum(part.tokens for part in iterate_media(content))
    return estimate_tokens(extract_text(content)) + media


def list_files(message: Message) -> list[Attachment]:
    return list(message.attachments.all()) if message.file_count else []


def count_bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def begin_markdown(is_json: bool) -> str:
    """Return what stands before a reply's text where it is shown as Markdown."""
    return f"{JSON_FENCE}json\n" if is_json else ""


def to_markdown(text: str, *, is_json: bool) -> str:
    """Return a reply's text as it is shown: JSON is code, of which nothing is markup."""
    if not is_json or not text.strip():
        return text
    return f"{begin_markdown(is_json)}{text}\n{JSON_FENCE}"


def is_sendable(message: Message) -> bool:
    """Return whether the model gets anything of a message: of a reply that brought nothing, no."""
    return message.is_user or bool(message.text.strip())


def is_any_file_unseen(messages: Iterable[Message]) -> bool:
    """Return whether the model is told no more than the name of a file of these messages."""
    return any(chat_parts.is_unseen(file) for message in messages for file in list_files(message))


def make_chat_message(
    role: Literal["user", "assistant"], messages: Iterable[Message]
) -> ChatMessage:
    """Return messages of one role as one entry of the `messages` array: of each its files, then
    its text, then what the model is told with it.
    """
    pieces: list[str | MediaPart] = []
    for message in messages:
        for file in list_files(message):
            pieces += chat_parts.make_pieces(file)
        if message.text or not message.file_count:
            pieces.append(message.text)
        if message.context_note:
            pieces.append(message.context_note)
    return {"role": role, "content": make_content(pieces)}


def add_instruction(messages: list[ChatMessage], instruction: str) -> list[ChatMessage]:
    """Return the `messages` array with what is asked of this one reply at the end of the last
    entry: one of its own would be the second of its role in a row, which strict servers refuse.
    """
    if not instruction or not messages:
        return messages
    return add_sentence(messages, INSTRUCTIONS[Message.Instruction(instruction)])


def ask_for_json(messages: list[ChatMessage]) -> list[ChatMessage]:
    """Return the `messages` array with the word in it, where it isn't there already."""
    if not messages or any(
        JSON_WORD in extract_text(message["content"]).lower() for message in messages
    ):
        return messages
    return add_sentence(messages, AS_JSON)


def add_sentence(messages: list[ChatMessage], sentence: str) -> list[ChatMessage]:
    *before, last = messages
    return [
        *before,
        {"role": last["role"], "content": append_text(last["content"], f"({sentence})")},
    ]


def add_partial_reply(messages: list[ChatMessage], text: str) -> list[ChatMessage]:
    """Return the `messages` array with a reply so far, and the request to continue it."""
    return [
        *messages,
        {"role": "assistant", "content": text},
        {"role": "user", "content": CONTINUE},
    ]
