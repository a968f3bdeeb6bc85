"""Chunks of the wire format to text, and what is wrong with them."""

import json
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.model_api import (
    CutOffError,
    Delta,
    MalformedReplyError,
    OutOfCreditsError,
    Prices,
    ThrottledError,
    TooLongError,
    UpstreamError,
    Usage,
)
from conversations.model_api.clean_text import TextCleaner
from conversations.model_api.deltas import LONGEST_REASONING, join_deltas
from conversations.model_api.response_decoder import ReplyDecoder, read_completion
from conversations.model_api.word_filter import CUT
from tests.model_api.servers import event, text_event

DONE = event("[DONE]")
USAGE = {
    "prompt_tokens": 1000,
    "completion_tokens": 100,
    "prompt_tokens_details": {"cached_tokens": 400},
}


def decoded(*chunks: bytes, broken: str = "") -> tuple[str, ReplyDecoder]:
    decoder = ReplyDecoder(Prices())
    deltas = [decoder.feed(chunk) for chunk in chunks]
    return join_deltas([*deltas, decoder.end(broken), decoder.flush()]).text, decoder


def delta(**fields: Any) -> bytes:
    return event({"choices": [{"index": 0, "delta": fields, "finish_reason": None}]})


def whole(text: str, **fields: Any) -> bytes:
    message = {"role": "assistant", "content": text}
    return json.dumps(
        {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], **fields}
    ).encode()


def test_it_works() -> None:
    text, decoder = decoded(text_event("Hel"), text_event("lo", "stop"), DONE)

    assert text == "Hello"
    assert decoder.over
    assert decoder.failure is None
    assert decoder.reply.finish_reason == "stop"


def test_a_stream_needs_no_done_when_it_said_why_it_ended() -> None:
    assert decoded(text_event("Hello", "stop"))[1].failure is None


def test_a_stream_needs_no_finish_reason_when_it_says_done() -> None:
    assert decoded(text_event("Hello"), DONE)[1].failure is None


def test_a_stream_with_neither_is_cut_off_and_keeps_its_text() -> None:
    text, decoder = decoded(text_event("Hello"))

    assert text == "Hello"
    assert isinstance(decoder.failure, CutOffError)


def test_an_empty_body_is_cut_off() -> None:
    assert isinstance(decoded(b"")[1].failure, CutOffError)


def test_an_event_cut_in_two_by_the_end_is_cut_off_not_malformed() -> None:
    text, decoder = decoded(text_event("Hello"), text_event("world")[:20])

    assert text == "Hello"
    assert isinstance(decoder.failure, CutOffError)


def test_nothing_after_done_is_read() -> None:
    assert decoded(text_event("Hello") + DONE + text_event("again"))[0] == "Hello"


def test_empty_choices_and_null_contents_are_no_text() -> None:
    text, _ = decoded(
        event({"choices": []}),
        event({"choices": None}),
        event({"choices": [{"index": 0, "delta": None, "finish_reason": None}]}),
        delta(role="assistant", content=None, refusal=None),
        text_event("Hello", "stop"),
    )

    assert text == "Hello"


def test_a_refusal_is_text() -> None:
    text, _ = decoded(delta(refusal="I can’t "), delta(refusal="do that."), DONE)

    assert text == "I can’t do that."


def test_other_choices_than_the_first_are_not_mixed_in() -> None:
    other = event({"choices": [{"index": 1, "delta": {"content": "other"}}]})

    assert decoded(text_event("one"), other, DONE)[0] == "one"


def test_a_lone_choice_counts_whatever_its_index() -> None:
    chunks = [{"choices": [{"index": 3, "delta": {"content": word}}]} for word in ("a", "b")]

    assert decoded(*map(event, chunks), DONE)[0] == "ab"


def test_a_message_in_place_of_a_delta_is_read() -> None:
    chunk = {"choices": [{"message": {"content": "Hello"}, "finish_reason": "stop"}]}

    assert decoded(event(chunk), DONE)[0] == "Hello"


def test_a_message_that_repeats_the_deltas_is_not_read_again() -> None:
    last = {"choices": [{"delta": {}, "message": {"content": "Hello"}, "finish_reason": "stop"}]}

    assert decoded(text_event("Hel"), text_event("lo"), event(last), DONE)[0] == "Hello"


def test_text_in_place_of_a_delta_is_read() -> None:
    assert decoded(event({"choices": [{"text": "Hello"}]}), DONE)[0] == "Hello"


def test_text_after_the_finish_reason_is_read() -> None:
    assert decoded(text_event("Hel", "stop"), text_event("lo"), DONE)[0] == "Hello"


def test_what_cannot_be_read_after_the_finish_reason_is_no_error() -> None:
    text, decoder = decoded(text_event("Hello", "stop"), event("bye"))

    assert (text, decoder.failure) == ("Hello", None)


@pytest.mark.parametrize("chunk", [{"choices": []}, {"usage": USAGE}, {"type": "ping"}])
def test_a_stream_without_any_choice_is_malformed(chunk: dict[str, Any]) -> None:
    assert isinstance(decoded(event(chunk), DONE)[1].failure, MalformedReplyError)


@pytest.mark.parametrize("reason", [None, "", "null", "None", False])
def test_a_finish_reason_that_says_nothing_ends_nothing(reason: object) -> None:
    chunk = {"choices": [{"delta": {"content": "Hello"}, "finish_reason": reason}]}

    assert isinstance(decoded(event(chunk))[1].failure, CutOffError)


def test_a_finish_reason_that_is_no_text_is_unknown() -> None:
    chunk = {"choices": [{"delta": {"content": "Hello"}, "finish_reason": {"type": "stop"}}]}

    assert decoded(event(chunk))[1].reply.finish_reason == "unknown"


def test_an_error_as_finish_reason_is_a_failure_that_keeps_the_text() -> None:
    text, decoder = decoded(text_event("Hello"), text_event("", "error"), DONE)

    assert text == "Hello"
    assert isinstance(decoder.failure, UpstreamError)


def test_thinking_is_told_from_the_answer() -> None:
    decoder = ReplyDecoder()
    stream = delta(reasoning_content="Hm. ") + delta(content="<think>Oh.</think>Yes.") + DONE

    assert decoder.feed(stream) == Delta("Yes.", "Hm. Oh.")


def test_thinking_beyond_all_measure_is_cut_and_the_answer_is_not() -> None:
    decoder = ReplyDecoder()
    stream = [delta(reasoning="x" * 60_000)] * 4 + [text_event("Yes."), DONE]
    words = join_deltas([decoder.feed(each) for each in stream])

    assert words.text == "Yes."
    assert words.reasoning == "x" * LONGEST_REASONING + f" {CUT}"


def test_what_was_held_back_is_had_when_the_reply_breaks_off() -> None:
    decoder = ReplyDecoder()
    decoder.feed(text_event("<thi"))

    assert decoder.flush() == Delta("<thi")


def test_usage_and_model_are_read() -> None:
    usage = event({"model": "gpt-4.1-mini-2025-04-14", "choices": [], "usage": USAGE})
    _, decoder = decoded(text_event("Hello", "stop"), usage, DONE)

    assert decoder.reply.model == "gpt-4.1-mini-2025-04-14"
    assert decoder.reply.usage == Usage(1000, 400, 100, Decimal("0.00044"))


def test_the_providers_own_figure_for_the_cost_counts() -> None:
    chunk = {"choices": [], "usage": USAGE, "meta": {"usage": {"usd_spent": 0.0005}}}
    _, decoder = decoded(event(chunk), DONE)

    assert decoder.reply.usage is not None
    assert decoder.reply.usage.cost_usd == Decimal("0.0005")


def test_without_usage_there_is_none() -> None:
    assert decoded(text_event("Hello", "stop"), DONE)[1].reply.usage is None


def test_an_error_in_mid_stream_ends_it_and_keeps_its_text() -> None:
    error = {"error": {"message": "The server is overloaded", "type": "server_error"}}
    text, decoder = decoded(text_event("Hel") + event(error) + text_event("lo"))

    assert text == "Hel"
    assert isinstance(decoder.failure, UpstreamError)
    assert "overloaded" in decoder.failure.detail


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"message": "slow down", "code": 429}, ThrottledError),
        ({"message": "no money", "code": 402}, OutOfCreditsError),
        ({"message": "Rate limit reached", "code": "rate_limit_exceeded"}, ThrottledError),
        ({"message": "too much", "code": "context_length_exceeded"}, TooLongError),
        ("something broke", UpstreamError),
    ],
)
def test_an_error_in_mid_stream_is_told_by_its_code(error: object, kind: type) -> None:
    assert type(decoded(event({"error": error}))[1].failure) is kind


@pytest.mark.parametrize("field", ["object", "type"])
def test_a_frame_that_calls_itself_an_error_is_one(field: str) -> None:
    chunk = {field: "error", "message": "slow down", "code": 429}

    assert type(decoded(text_event("Hello"), event(chunk))[1].failure) is ThrottledError


def test_the_providers_own_envelope_in_mid_stream_is_an_error() -> None:
    envelope = {"message": "upstream died", "statusCode": 502, "requestId": "r1"}

    assert isinstance(decoded(event(envelope))[1].failure, UpstreamError)


@pytest.mark.parametrize("data", ["{", "hello", "[1]", "1", "[" * 100_000])
def test_data_that_is_no_json_object_is_malformed_and_not_quoted(data: str) -> None:
    text, decoder = decoded(text_event("Hello") + event(data) + text_event("more"))

    assert text == "Hello"
    assert isinstance(decoder.failure, MalformedReplyError)
    assert f"{len(data)} characters" in decoder.failure.detail


def test_chunks_that_say_nothing_are_skipped() -> None:
    assert decoded(event({"type": "ping"}), text_event("Hello"), DONE)[0] == "Hello"


def test_a_json_body_where_a_stream_was_asked_for_is_read() -> None:
    text, decoder = decoded(whole("Hello", usage=USAGE)[:30], whole("Hello", usage=USAGE)[30:])

    assert text == "Hello"
    assert decoder.failure is None
    assert decoder.reply.usage is not None


def test_an_error_as_a_json_body_where_a_stream_was_asked_for_is_that_error() -> None:
    body = b'\n {"error": {"message": "Rate limit", "code": 429}}'

    assert isinstance(decoded(body)[1].failure, ThrottledError)


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"hello": 1}', b'{"choices": []}'])
def test_any_other_json_body_is_malformed(body: bytes) -> None:
    assert isinstance(decoded(body)[1].failure, MalformedReplyError)


def test_a_json_body_on_a_broken_connection_is_cut_off() -> None:
    assert isinstance(decoded(whole("Hello")[:-5], broken="reset")[1].failure, CutOffError)


def test_html_is_malformed_and_its_title_is_told() -> None:
    page = b"<!doctype html><title>Captive &amp; portal</title><h1>Sign in</h1>"
    _, decoder = decoded(page)

    assert isinstance(decoder.failure, MalformedReplyError)
    assert decoder.failure.detail == "an HTML page: Captive & portal"


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


def test_a_completion_is_read_with_the_header_for_its_cost() -> None:
    completion = read_completion(whole("Hello\0", usage=USAGE), spent="0.0007", prices=None)

    assert completion.text == "Hello"
    assert completion.finish_reason == "stop"
    assert completion.usage == Usage(1000, 400, 100, Decimal("0.0007"))
    assert completion.raw["usage"] == USAGE
