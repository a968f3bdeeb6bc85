"""JSON that people bring in a file, however it is made."""

import json

import pytest

from chatsite.core.json_files import (
    TooDeepJSONError,
    TooLargeJSONError,
    UnreadableJSONError,
    read_json,
)


def read(content: bytes) -> object:
    return read_json(content, most_bytes=2_000_000, most_depth=3)


def test_what_is_json_is_read() -> None:
    value = {"a": [1, 2.5, None, True, {"b": "c"}]}
    assert read(b"\xef\xbb\xbf" + json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"NaN", b"[-Infinity]", b"[1e999]", b"[" + b"9" * 10_000 + b"]"],
)
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableJSONError):
        read(content)


@pytest.mark.parametrize("content", [b"[[[[]]]]", b'{"a":[[[1]]]}', b"[" * 1_000_000])
def test_what_is_nested_too_deeply_is_refused(content: bytes) -> None:
    with pytest.raises(TooDeepJSONError):
        read(content)


def test_a_file_has_an_end() -> None:
    with pytest.raises(TooLargeJSONError):
        read(b" " * 2_000_001)


def test_texts_and_names_can_be_stored() -> None:
    assert read(rb'{"a\u0000": ["\ud800", "b\r\n"]}') == {"a": ["?", "b\n"]}


@pytest.mark.parametrize("piece", [b'\\"', b'"', b"[", b"{}", b"[],", b'"",', b'[{"'])
def test_a_large_file_that_is_no_json_is_refused(piece: bytes) -> None:
    # The reader before took an hour for some.
    for content in (piece, b'"' + piece, b"[" + piece):
        with pytest.raises(UnreadableJSONError):
            read(content * (1_000_000 // len(content)))
