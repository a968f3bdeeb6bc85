"""What can be made to go wrong, or to go differently, with one reply of the offline model."""

from dataclasses import dataclass
from typing import Literal

from conversations.offline_model.gate import Gate

type Envelope = Literal["plain", "problem", "openai", "html"]
type Shape = Literal["prose", "fence", "list"]
type Position = Literal["headers"] | int
type Filler = Literal["nothing", "comments", "bytes", "empty"]
type ReasoningField = Literal["reasoning_content", "reasoning"]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Every field is optional and they combine; `Fault()` is an ordinary reply.

    A position is a number of tokens after which it happens (at the latest after the last one), or
    "headers" for before the first byte of the response.
    """

    # An HTTP error instead of a reply
    status: int | None = None
    retry_after: str | None = None
    envelope: Envelope = "plain"
    message: str | None = None

    # A 400 where there are pictures, or files; `message` says it in other words
    refuse_images: bool = False
    refuse_files: bool = False

    # In the middle of a reply
    stall: Position | None = None
    stall_seconds: float = 3600.0
    # What comes while it stalls in mid-reply, and every how many seconds
    stall_filler: Filler = "nothing"
    stall_every: float = 0.05
    cut: Position | None = None
    malformed: int | None = None
    error: int | None = None

    # Other bytes than expected: this body, or the whole JSON where a stream was asked for
    raw: bytes | None = None
    content_type: str = "text/event-stream"
    json_body: bool = False

    # The dialect of the stream; each write to the socket is cut at chunk_sizes, cycled
    chunk_sizes: tuple[int, ...] = ()
    newline: str = "\n"
    comments: bool = False
    bom: bool = False
    done: bool = True
    usage: bool = True
    # Whether the usage says what it cost
    price: bool = True
    finish_reason: str | None = None
    refusal: str | None = None
    index: int = 0
    parts: bool = False
    reasoning_field: ReasoningField = "reasoning_content"
    # Seconds that the line stays open after all is said
    hold: float = 0.0

    # What is said, and how fast (tokens a second, 0 for at once)
    gate: Gate | None = None
    text: str | None = None
    reasoning: str | None = None
    rate: float | None = None
    tokens: int | None = None
    shape: Shape | None = None

    # How many requests it meets. Scripted: the next ones (None: one). Written in a message: the
    # first ones that carry exactly these messages (None: all).
    times: int | None = None

    def __post_init__(self) -> None:
        if any(size < 1 for size in self.chunk_sizes):
            raise ValueError("chunk_sizes: every piece has at least one byte")
