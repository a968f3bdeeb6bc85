"""How requests and answers look on the line between the server and the helper.

A request is a line of JSON and the file. An answer is the length of its JSON in four bytes, the
JSON, and the outputs one after another. The server believes nothing of an answer that isn't checked
here: whoever wrote the file may have taken the helper over.
"""

import json
import re
import struct
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from conversations.attachments.reading.values import (
    KINDS,
    FileReading,
    Output,
    ReadingLimits,
    UnreadableFileError,
)

LENGTH = struct.Struct(">I")
OUTPUT_NAME = re.compile(r"view|model|small|square|page-[1-9]\d{0,3}|pages")
PICTURE_TYPES = {"image/png", "image/jpeg", "image/webp"}
OUTPUT_TYPES = {"pages": {"application/pdf"}}
MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}")
CODE = re.compile(r"[a-z_]{1,40}")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
LARGEST_NUMBER = 2**31 - 1


class MalformedAnswerError(Exception):
    """The answer isn't what a helper of ours says."""


@dataclass(frozen=True)
class Request:
    """How to read a file. Of its name the ending is looked at, and only to tell HTML from code.

    `first_pages`: a PDF of so many of its pages is wanted, as output `pages`, and nothing else.
    `square`: a WebP of the middle of an image is wanted, so many pixels wide and high, as output
    `square`, and nothing else.
    """

    name: str
    kinds: Collection[str]
    limits: ReadingLimits
    first_pages: int | None = None
    square: int | None = None


def pack_request(request: Request, content: bytes) -> bytes:
    head = {
        "name": request.name,
        "kinds": sorted(request.kinds),
        "first_pages": request.first_pages,
        "square": request.square,
        **asdict(request.limits),
    }
    return json.dumps(head).encode() + b"\n" + content


def unpack_request(message: bytes) -> tuple[Request, bytes]:
    line, _, content = message.partition(b"\n")
    head = json.loads(line)
    names = ("name", "kinds", "first_pages", "square")
    name, kinds, first_pages, square = (head.pop(field) for field in names)
    return Request(name, frozenset(kinds), ReadingLimits(**head), first_pages, square), content


def pack_reading(reading: FileReading) -> bytes:
    head = {
        "kind": reading.kind,
        "media_type": reading.media_type,
        "width": reading.width,
        "height": reading.height,
        "pages": reading.pages,
        "text": reading.text,
        "outputs": [
            [name, output.media_type, len(output.content)]
            for name, output in reading.outputs.items()
        ],
    }
    return _pack(head, *(output.content for output in reading.outputs.values()))


def pack_error(code: str) -> bytes:
    return _pack({"error": code})


def unpack_answer(message: bytes) -> FileReading:
    """Return what was read; raises UnreadableFileError, or MalformedAnswerError."""
    try:
        (length,) = LENGTH.unpack_from(message)
        head = json.loads(message[LENGTH.size : LENGTH.size + length])
        if code := head.get("error"):
            raise UnreadableFileError(_match(CODE, code))
        return _read(head, message, LENGTH.size + length)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError, struct.error) as error:
        raise MalformedAnswerError(str(error)) from error


def _pack(head: dict[str, Any], *contents: bytes) -> bytes:
    packed = json.dumps(head, ensure_ascii=False).encode()
    return b"".join((LENGTH.pack(len(packed)), packed, *contents))


def _read(head: dict[str, Any], message: bytes, start: int) -> FileReading:
    if head["kind"] not in KINDS:
        raise ValueError("an unknown kind")
    if UNSTORABLE.search(head["text"]):
        raise ValueError("characters that can't be stored")
    outputs = {}
    for name, media_type, size in head["outputs"]:
        types = OUTPUT_TYPES.get(_match(OUTPUT_NAME, name), PICTURE_TYPES)
        if media_type not in types or not 0 < size <= len(message) - start:
            raise ValueError("an output of the wrong type or size")
        outputs[name] = Output(media_type, message[start : start + size])
        start += size
    if start != len(message):
        raise ValueError("more than was announced")
    return FileReading(
        kind=head["kind"],
        media_type=_match(MEDIA_TYPE, head["media_type"]),
        width=_number(head["width"]),
        height=_number(head["height"]),
        pages=_number(head["pages"]),
        text=head["text"],
        outputs=outputs,
    )


def _match(pattern: re.Pattern[str], value: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError(f"not {pattern.pattern}")
    return value


def _number(value: int | None) -> int | None:
    if value is not None and not 0 < value <= LARGEST_NUMBER:
        raise ValueError("a number out of range")
    return None if value is None else int(value)
