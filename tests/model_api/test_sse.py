"""Server-sent events, however their bytes are cut."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.model_api.errors import MalformedReplyError
from conversations.model_api.sse import LARGEST_EVENT, EventDecoder


def decode(*chunks: bytes) -> list[str]:
    decoder = EventDecoder()
    events = [data for chunk in chunks for data in decoder.feed(chunk)]
    return [*events, *decoder.end()]


def test_it_works() -> None:
    assert decode(b"data: one\n\ndata: two\n\n") == ["one", "two"]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_all_three_line_ends_end_lines(newline: bytes) -> None:
    stream = b"data: one\n\ndata: two\n\n".replace(b"\n", newline)

    assert decode(stream) == ["one", "two"]


def test_several_data_lines_are_one_event() -> None:
    assert decode(b"data: {\ndata:  1}\n\n") == ["{\n 1}"]


def test_comments_and_other_fields_are_skipped() -> None:
    stream = b": ping\n\nevent: message\nid: 7\nretry: 1\ndata: one\nnonsense\n: pong\n\n"

    assert decode(stream) == ["one"]


def test_the_space_after_the_colon_is_optional_and_only_one_is_taken() -> None:
    assert decode(b"data:one\n\ndata:  two\n\n") == ["one", " two"]


def test_empty_events_are_skipped() -> None:
    assert decode(b"\n\ndata:\n\ndata\n\n") == []


def test_a_byte_order_mark_is_dropped_at_the_start_only() -> None:
    assert decode(b"\xef\xbb\xbfdata: one\n\n\xef\xbb\xbfdata: two\n\n") == ["one"]


def test_a_last_event_without_its_blank_line_counts() -> None:
    assert decode(b"data: one\n\ndata: two") == ["one", "two"]


def test_invalid_utf8_is_replaced() -> None:
    assert decode(b"data: a\xff\xc3\n\n") == ["a\ufffd\ufffd"]


def test_unicode_line_separators_do_not_end_lines() -> None:
    assert decode("data: a\u2028b\x0bc\x85d\n\n".encode()) == ["a\u2028b\x0bc\x85d"]


def test_an_event_may_not_fill_the_memory() -> None:
    decoder = EventDecoder()
    list(decoder.feed(b"data: " + b"x" * (LARGEST_EVENT - 6)))

    with pytest.raises(MalformedReplyError):
        list(decoder.feed(b"x"))


def test_many_data_lines_may_not_fill_the_memory_either() -> None:
    line = b"data: " + b"x" * (LARGEST_EVENT // 4) + b"\n"

    with pytest.raises(MalformedReplyError):
        list(EventDecoder().feed(line * 4))


def test_comments_without_blank_lines_may_go_on_for_ever() -> None:
    decoder = EventDecoder()
    comments = b": keep-alive\n" * 100_000

    assert [data for _ in range(5) for data in decoder.feed(comments)] == []


def pieces_of(stream: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[start:end] for start, end in pairwise(edges)]


LINES = st.sampled_from([b"", b"data: a", b"data:", "data: é€😀".encode(), b": hm", b"data: \xff"])
STREAMS = st.lists(st.tuples(LINES, st.sampled_from([b"\n", b"\r\n", b"\r"])), max_size=30).map(
    lambda lines: b"".join(b"".join(pair) for pair in lines)
)


@settings(deadline=None, max_examples=200)
@given(STREAMS, st.lists(st.integers(min_value=0), max_size=20))
def test_it_does_not_matter_where_the_bytes_are_cut(stream: bytes, cuts: list[int]) -> None:
    assert decode(*pieces_of(stream, cuts)) == decode(stream)
    assert decode(*[bytes([byte]) for byte in stream]) == decode(stream)
