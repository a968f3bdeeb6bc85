"""What goes between the server and the helper, which isn't trusted."""

import json
import struct
from typing import Any

import pytest

from conversations.attachments.reading.framing import (
    MalformedAnswerError,
    Request,
    pack_error,
    pack_reading,
    pack_request,
    unpack_answer,
    unpack_request,
)
from conversations.attachments.reading.values import (
    FileReading,
    Output,
    ReadingLimits,
    UnreadableFileError,
)

GOOD = {
    "kind": "image",
    "media_type": "image/png",
    "width": 1,
    "height": 1,
    "pages": None,
    "text": "",
    "outputs": [["view", "image/png", 3]],
}


def answer(head: Any, content: bytes = b"abc") -> bytes:
    packed = json.dumps(head).encode()
    return struct.pack(">I", len(packed)) + packed + content


def test_a_request_arrives_as_it_was_sent() -> None:
    request = Request('a "name"\n', frozenset({"image"}), ReadingLimits(1, 2, 3), first_pages=4)
    assert unpack_request(pack_request(request, b"a\nb\x00")) == (request, b"a\nb\x00")


def test_a_reading_arrives_as_it_was_sent() -> None:
    outputs = {"page-1": Output("image/webp", b"one"), "page-20": Output("image/webp", b"twenty")}
    reading = FileReading("pdf", "application/pdf", pages=20, text="ä\f\n", outputs=outputs)
    assert unpack_answer(pack_reading(reading)) == reading


def test_an_error_arrives_as_its_code() -> None:
    with pytest.raises(UnreadableFileError) as caught:
        unpack_answer(pack_error("damaged"))
    assert caught.value.code == "damaged"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "program"},
        {"media_type": "text/html; charset=utf-8"},
        {"width": 0},
        {"width": 2**40},
        {"height": "1"},
        {"text": "\x00"},
        {"text": "\ud800"},
        {"text": None},
        {"outputs": [["../view", "image/png", 3]]},
        {"outputs": [["view", "text/html", 3]]},
        {"outputs": [["view", "application/pdf", 3]]},
        {"outputs": [["pages", "image/png", 3]]},
        {"outputs": [["view", "image/png", 2]]},
        {"outputs": [["view", "image/png", 4]]},
        {"outputs": [["view", "image/png", -3]]},
        {"outputs": [["view", "image/png"]]},
        {"error": "<script>"},
    ],
)
def test_an_answer_with_anything_else_is_refused(wrong: dict[str, Any]) -> None:
    assert unpack_answer(answer(GOOD)).outputs["view"].content == b"abc"
    with pytest.raises(MalformedAnswerError):
        unpack_answer(answer({**GOOD, **wrong}))


@pytest.mark.parametrize(
    "message", [b"", b"\x00", b"\x00\x00\x00\x09{}", answer([]), answer({}), answer(None)]
)
def test_what_is_no_answer_is_refused(message: bytes) -> None:
    with pytest.raises(MalformedAnswerError):
        unpack_answer(message)
