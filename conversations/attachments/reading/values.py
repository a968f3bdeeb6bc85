"""What is read of a file, and why one can't be read."""

from dataclasses import dataclass, field
from typing import Literal, get_args

type Kind = Literal["image", "pdf", "text", "document"]
KINDS: tuple[Kind, ...] = get_args(Kind.__value__)


@dataclass(frozen=True)
class Output:
    """A picture made of the file or of one of its pages, or a PDF of its first ones."""

    media_type: str
    content: bytes


@dataclass(frozen=True)
class FileReading:
    """What is read of a file.

    An image has the outputs `view`, `small` and, where the model looks at fewer pixels than are in
    `view`, `model`; its width and height are those of `view`. A PDF has `page-1`, `page-2` … and
    `small`, a picture of the first one; its text has a form feed between pages. A document's text
    is Markdown.
    """

    kind: Kind
    media_type: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    text: str = ""
    outputs: dict[str, Output] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadingLimits:
    """How much is read: pixels of an image, pages with a picture, characters of text."""

    max_pixels: int = 64_000_000
    max_pages: int = 20
    max_text: int = 1_000_000


class UnreadableFileError(Exception):
    """The file can't be read, or may not; the code says why.

    Found in the file: unknown_kind, kind_not_allowed, empty, damaged, encrypted, too_many_pixels,
    too_large_inside, no_text. Found by the server: too_slow, too_much_memory, crashed, busy,
    unavailable.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
