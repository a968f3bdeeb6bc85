"""Faults asked for in a message: a line such as `/fault status=429 retry_after=7`.

So each error can be tried from the page, and scripted by tests whose server is another process.
Only the last message counts, as history replays the older ones.
"""

import shlex
from collections.abc import Callable, Mapping
from typing import Any, get_args

from conversations.offline_model.errors import ApiError
from conversations.offline_model.faults import Envelope, Fault, Filler, ReasoningField, Shape
from conversations.offline_model.usage import extract_message_text

COMMAND = "/fault"
LONGEST_REPLY = 1_000_000


def parse_fault(message: Mapping[str, Any]) -> Fault | None:
    """Return the fault that a user's message asks for; None without a `/fault` line.

    Raises ApiError (400) with a list of what is known when the line can't be understood.
    """
    if message["role"] != "user":
        return None
    for line in extract_message_text(message).splitlines():
        command, _, words = line.strip().partition(" ")
        if command == COMMAND:
            return _parse(words)
    return None


def _parse(words: str) -> Fault:
    try:
        fields = dict(_field(word) for word in shlex.split(words))
    except ValueError as error:
        raise ApiError(400, f"{COMMAND}: {error}. {HELP}") from error
    if not fields:
        raise ApiError(400, f"{COMMAND} wants at least one word. {HELP}")
    return Fault(**fields)


def _field(word: str) -> tuple[str, Any]:
    name, has_value, value = word.partition("=")
    if name not in KNOWN:
        raise ValueError(f"“{name}” is not known")
    _, read = KNOWN[name]
    try:
        return name, read(value if has_value else "true")
    except ValueError as error:
        raise ValueError(f"“{word}” can't be read") from error


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        number = int(value)
        if not lowest <= number <= highest:
            raise ValueError(value)
        return number

    return read


def _amount(value: str) -> float:
    number = float(value)
    if not 0 <= number < float("inf"):
        raise ValueError(value)
    return number


def _one_of(choices: Mapping[str, Any]) -> Callable[[str], Any]:
    def read(value: str) -> Any:
        if value not in choices:
            raise ValueError(value)
        return choices[value]

    return read


def _sizes(value: str) -> tuple[int, ...]:
    return tuple(_whole(1, 1_000_000)(size) for size in value.split(","))


def _position(value: str) -> int | str:
    return value if value == "headers" else _count(value)


_count = _whole(0, LONGEST_REPLY)
_yes_or_no = _one_of(
    {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
)


def _names(literal: Any) -> dict[str, str]:
    return {name: name for name in get_args(literal.__value__)}


# What can be written: an example of each for the help, and how its value is read.
KNOWN: dict[str, tuple[str, Callable[[str], Any]]] = {
    "status": ("status=503", _whole(400, 599)),
    "retry_after": ("retry_after=7", str),
    "envelope": ("envelope=plain|problem|openai|html", _one_of(_names(Envelope))),
    "message": ("message='Try later'", str),
    "refuse_images": ("refuse_images", _yes_or_no),
    "refuse_files": ("refuse_files", _yes_or_no),
    "stall": ("stall=20 or stall=headers", _position),
    "stall_seconds": ("stall_seconds=5", _amount),
    "stall_filler": ("stall_filler=nothing|comments|bytes|empty", _one_of(_names(Filler))),
    "stall_every": ("stall_every=0.05", _amount),
    "cut": ("cut=30 or cut=headers", _position),
    "malformed": ("malformed=10", _count),
    "error": ("error=10", _count),
    "raw": ("raw=text", str.encode),
    "content_type": ("content_type=text/html", str),
    "json_body": ("json_body", _yes_or_no),
    "chunk_sizes": ("chunk_sizes=1,3,7", _sizes),
    "newline": ("newline=lf|crlf|cr", _one_of({"lf": "\n", "crlf": "\r\n", "cr": "\r"})),
    "comments": ("comments", _yes_or_no),
    "bom": ("bom", _yes_or_no),
    "done": ("done=no", _yes_or_no),
    "usage": ("usage=no", _yes_or_no),
    "price": ("price=no", _yes_or_no),
    "finish_reason": ("finish_reason=length", str),
    "refusal": ("refusal='I can’t help with that.'", str),
    "index": ("index=1", _count),
    "parts": ("parts", _yes_or_no),
    "hold": ("hold=60", _amount),
    "text": ("text='Hello there'", str),
    "reasoning": ("reasoning='Let me think'", str),
    "reasoning_field": (
        "reasoning_field=reasoning_content|reasoning",
        _one_of(_names(ReasoningField)),
    ),
    "rate": ("rate=10", _amount),
    "tokens": ("tokens=500", _count),
    "shape": ("shape=prose|fence|list", _one_of(_names(Shape))),
    "times": ("times=1", _whole(1, 1000)),
}
HELP = f"Known: {', '.join(example for example, _ in KNOWN.values())}."
