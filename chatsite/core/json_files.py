"""JSON that people bring in a file: no size, depth, number or text of it is taken on trust.

UnreadableJSONError
├── TooLargeJSONError
└── TooDeepJSONError
"""

import json
from math import isfinite
from typing import Any

from chatsite.core.storable import to_storable_text


class UnreadableJSONError(ValueError):
    """The file is no JSON, or has a number that JSON or this server doesn't know."""


class TooLargeJSONError(UnreadableJSONError):
    """The file has more bytes than are read."""


class TooDeepJSONError(UnreadableJSONError):
    """Lists and objects are nested more than they may be."""


def read_json(content: bytes, *, most_bytes: int, most_depth: int) -> Any:
    """Return what a file says, with texts and names as a database takes them. Raises
    UnreadableJSONError.
    """
    if len(content) > most_bytes:
        raise TooLargeJSONError("too many bytes")
    try:
        read = json.loads(content.decode("utf-8-sig"), parse_constant=refuse_constant)
    except RecursionError:
        raise TooDeepJSONError("nested too deeply") from None
    except ValueError as error:
        raise UnreadableJSONError("no JSON") from error
    if measure_depth(read) > most_depth:
        raise TooDeepJSONError("nested too deeply")
    return make_storable(read)


def refuse_constant(name: str) -> None:
    """Python's reader knows NaN and Infinity, JSON doesn't."""
    raise ValueError(f"{name} is no JSON")


def measure_depth(value: object) -> int:
    """Return how many lists and objects are in one another; level by level, without recursion."""
    depth = 0
    level = [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        level = [
            inner for each in level for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return depth


def make_storable(value: object) -> object:
    """Return it with all texts storable. Its depth has been measured. Raises UnreadableJSONError
    for a number that is too large to be one.
    """
    match value:
        case str():
            return to_storable_text(value)
        case list():
            return [make_storable(each) for each in value]
        case dict():
            return {to_storable_text(name): make_storable(each) for name, each in value.items()}
        case float() if not isfinite(value):
            raise UnreadableJSONError("a number that is too large")
        case _:
            return value
