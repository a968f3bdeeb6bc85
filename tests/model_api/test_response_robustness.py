"""Whatever bytes arrive, and however they are cut: clean text, bounded memory, no exception."""

import json
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.model_api import CutOffError, MalformedReplyError, Usage
from conversations.model_api.clean_text import TextCleaner
from conversations.model_api.response_decoder import ReplyDecoder
from tests.model_api.decoding import DONE, USAGE, decoded, delta
from tests.model_api.servers import event, text_event


def test_labels_are_kept_short() -> None:
    _, decoder = decoded(event({"model": "x" * 10_000, "choices": []}), text_event("", "y" * 9999))

    assert len(decoder.reply.model or "") == len(decoder.reply.finish_reason or "") == 200


def test_nul_characters_are_removed() -> None:
    assert decoded(text_event("a\0b\0"), DONE)[0] == "ab"


def test_a_surrogate_pair_cut_in_two_is_put_together() -> None:
    assert decoded(text_event("a\ud83d"), text_event("\ude00b"), DONE)[0] == "a😀b"


@pytest.mark.parametrize("pieces", [["\ud83d"], ["x\ude00"], ["\ud83d", "x"], ["\ud83d", "\ud83d"]])
def test_half_a_pair_is_replaced(pieces: list[str]) -> None:
    text = decoded(*map(text_event, pieces), DONE)[0]

    assert text.encode()
    assert "\ufffd" in text


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=()))))
def test_clean_text_can_always_be_stored(pieces: list[str]) -> None:
    clean = TextCleaner()
    text = "".join(map(clean.add, pieces)) + clean.end()

    assert "\0" not in text.encode().decode()


def test_a_reply_may_not_fill_the_memory() -> None:
    decoder = ReplyDecoder()
    for _ in range(6):
        decoder.feed(text_event("x" * 1_000_000))

    assert isinstance(decoder.failure, MalformedReplyError)


def test_a_json_body_may_not_fill_the_memory() -> None:
    decoder = ReplyDecoder()
    decoder.feed(b"{")
    for _ in range(17):
        decoder.feed(b" " * 1024 * 1024)

    assert isinstance(decoder.failure, MalformedReplyError)


WHOLE_STREAM = b"\xef\xbb\xbf" + b"".join(
    [
        b": ping\r\n\r\n",
        delta(role="assistant", content=""),
        text_event("“Grüße” 😀\0").replace(b"\n", b"\r"),
        text_event(" and\nso on").replace(b"\n", b"\r\n"),
        json.dumps({"choices": [{"delta": {"content": "日本"}}]}, ensure_ascii=False)
        .encode()
        .join([b"data: ", b"\n\n"]),
        text_event("", "stop"),
        event({"choices": [], "usage": USAGE}),
        DONE,
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.integers(0, len(WHOLE_STREAM)), max_size=40).map(sorted))
def test_a_stream_cut_anywhere_reads_the_same(cuts: list[int]) -> None:
    edges = [0, *cuts, len(WHOLE_STREAM)]
    chunks = [WHOLE_STREAM[a:b] for a, b in pairwise(edges)]
    text, decoder = decoded(*chunks)

    assert text == "“Grüße” 😀 and\nso on日本"
    assert decoder.failure is None
    assert decoder.reply.usage == Usage(1000, 400, 100, Decimal("0.00044"))


@settings(deadline=None, max_examples=150)
@given(st.integers(0, len(WHOLE_STREAM)))
def test_a_stream_that_ends_anywhere_gives_its_text_and_no_exception(end: int) -> None:
    text, decoder = decoded(WHOLE_STREAM[:end], broken="reset")

    assert "“Grüße” 😀 and\nso on日本".startswith(text)
    assert isinstance(decoder.failure, CutOffError | None)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200))
def test_no_bytes_whatever_raise(garbage: bytes) -> None:
    assert decoded(text_event("Hello"), garbage)[0].startswith("Hello")
