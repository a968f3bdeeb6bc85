"""Chunks of the wire format to text, usage and the reason for the end."""

from decimal import Decimal

import pytest

from conversations.model_api import CutOffError, Delta, Usage
from conversations.model_api.deltas import LONGEST_REASONING, join_deltas
from conversations.model_api.response_decoder import ReplyDecoder, read_completion
from conversations.model_api.word_filter import CUT
from tests.model_api.decoding import DONE, USAGE, decoded, delta, whole
from tests.model_api.servers import event, text_event


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


@pytest.mark.parametrize("reason", [None, "", "null", "None", False])
def test_a_finish_reason_that_says_nothing_ends_nothing(reason: object) -> None:
    chunk = {"choices": [{"delta": {"content": "Hello"}, "finish_reason": reason}]}

    assert isinstance(decoded(event(chunk))[1].failure, CutOffError)


def test_a_finish_reason_that_is_no_text_is_unknown() -> None:
    chunk = {"choices": [{"delta": {"content": "Hello"}, "finish_reason": {"type": "stop"}}]}

    assert decoded(event(chunk))[1].reply.finish_reason == "unknown"


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


def test_chunks_that_say_nothing_are_skipped() -> None:
    assert decoded(event({"type": "ping"}), text_event("Hello"), DONE)[0] == "Hello"


def test_a_json_body_where_a_stream_was_asked_for_is_read() -> None:
    text, decoder = decoded(whole("Hello", usage=USAGE)[:30], whole("Hello", usage=USAGE)[30:])

    assert text == "Hello"
    assert decoder.failure is None
    assert decoder.reply.usage is not None


def test_a_completion_is_read_with_the_header_for_its_cost() -> None:
    completion = read_completion(whole("Hello\0", usage=USAGE), spent="0.0007", prices=None)

    assert completion.text == "Hello"
    assert completion.finish_reason == "stop"
    assert completion.usage == Usage(1000, 400, 100, Decimal("0.0007"))
    assert completion.raw["usage"] == USAGE
