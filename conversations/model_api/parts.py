"""What an entry of `messages` consists of where that is more than text: parts, some of which hold
pictures or files.

Their bytes lie elsewhere and are read while a request is sent (request_body.py). Each says what it
counts, and what can be said in its place to a service that doesn't take it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from conversations.model_api.values import ChatMessage

type MediaKind = Literal["image", "file"]
type Detail = Literal["auto", "low", "high"]

# Bytes of JSON around one, about.
OVERHEAD = 200


@dataclass(frozen=True)
class Blob:
    """So many bytes, and how to open them: anew for each attempt."""

    size: int
    open: Callable[[], IO[Any]]

    @property
    def encoded_size(self) -> int:
        """The characters of its base64."""
        return -(-self.size // 3) * 4


@dataclass(frozen=True, kw_only=True)
class Media:
    """What pictures and files have in common.

    `tokens`: about what it counts. `describe`: returns what is said instead where it can't be sent;
    `is_told`: that tells what is in it, and not only its name. `key`: how the caller knows it.
    """

    blob: Blob
    media_type: str
    tokens: int = 0
    describe: Callable[[], str] = str
    is_told: bool = False
    key: str = ""

    @property
    def instead(self) -> str:
        return self.describe()


@dataclass(frozen=True)
class TextPart:
    text: str


@dataclass(frozen=True, kw_only=True)
class ImagePart(Media):
    detail: Detail = "auto"

    @property
    def kind(self) -> MediaKind:
        return "image"


@dataclass(frozen=True, kw_only=True)
class FilePart(Media):
    """Of a media type that the API takes: a PDF."""

    name: str

    @property
    def kind(self) -> MediaKind:
        return "file"


type MediaPart = ImagePart | FilePart
type Part = TextPart | MediaPart
type Content = str | list[Part]


def make_content(pieces: Iterable[str | MediaPart]) -> Content:
    """Return the content of an entry: texts in a row are joined, and text alone is a string, as
    some servers take nothing else.
    """
    parts: list[Part] = []
    for piece in pieces:
        last = parts[-1] if parts else None
        if not isinstance(piece, str):
            parts.append(piece)
        elif isinstance(last, TextPart):
            parts[-1] = TextPart(f"{last.text}\n\n{piece}")
        else:
            parts.append(TextPart(piece))
    match parts:
        case []:
            return ""
        case [TextPart(text)]:
            return text
    return parts


def split_content(content: Content) -> list[str | MediaPart]:
    """Return the pieces that `make_content` makes it of."""
    if isinstance(content, str):
        return [content]
    return [part.text if isinstance(part, TextPart) else part for part in content]


def append_text(content: Content, text: str) -> Content:
    return make_content([*split_content(content), text])


def extract_text(content: Content) -> str:
    """Return what is said in words."""
    return "\n\n".join(piece for piece in split_content(content) if isinstance(piece, str))


def list_media(messages: Iterable["ChatMessage"]) -> list[MediaPart]:
    return [part for message in messages for part in iterate_media(message["content"])]


def iterate_media(content: Content) -> Iterator[MediaPart]:
    return (piece for piece in split_content(content) if not isinstance(piece, str))


def replace_media(
    messages: Iterable["ChatMessage"], is_meant: Callable[[MediaPart], bool]
) -> list["ChatMessage"]:
    """Return the entries with what is said instead of those that are meant."""

    def replace(piece: str | MediaPart) -> str | MediaPart:
        return piece.instead if not isinstance(piece, str) and is_meant(piece) else piece

    return [
        message
        if isinstance(message["content"], str)
        else {
            "role": message["role"],
            "content": make_content(map(replace, split_content(message["content"]))),
        }
        for message in messages
    ]


def limit_size(messages: Sequence["ChatMessage"], limit: int) -> list["ChatMessage"]:
    """Return the entries with so much media as a request of at most `limit` bytes holds; the oldest
    give way to what is said instead.

    Goes through them as they grew, and down to half of the limit at a time, so that what was sent
    once stays as it was for many turns. Those of the newest entry give way last.
    """
    if not list_media(messages):
        return [*messages]
    earlier: list[MediaPart] = []
    left_out: set[int] = set()
    used = 0

    def leave_out(part: MediaPart) -> int:
        left_out.add(id(part))
        return measure_piece(part.instead) - measure_piece(part)

    for message in messages:
        pieces = split_content(message["content"])
        own = [piece for piece in pieces if not isinstance(piece, str)]
        used += sum(map(measure_piece, pieces))
        if used > limit:
            while earlier and used > limit // 2:
                used += leave_out(earlier.pop(0))
            while own and used > limit:
                used += leave_out(own.pop(0))
        earlier += own
    return replace_media(messages, lambda part: id(part) in left_out) if left_out else [*messages]


def measure_piece(piece: str | MediaPart) -> int:
    """Return about how many bytes it takes in a request."""
    if isinstance(piece, str):
        return len(json.dumps(piece, ensure_ascii=False).encode("utf-8", "replace")) + OVERHEAD
    return piece.blob.encoded_size + OVERHEAD
