"""What the page says under a reply that didn't end well."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations.model_api import ModelError
from conversations.models import Message
from conversations.status_messages import StatusMessage, find_status_message


def status_message(**fields: Any) -> StatusMessage:
    found = find_status_message(Message(role="assistant", **fields))
    assert found is not None
    return found


@pytest.mark.parametrize("role", ["user", "assistant"])
def test_nothing_is_said_of_what_went_well(role: str) -> None:
    assert find_status_message(Message(role=role, status="complete", text="Hello")) is None


@pytest.mark.parametrize("status", Message.RUNNING)
def test_nothing_is_said_of_a_running_reply(status: str) -> None:
    assert find_status_message(Message(role="assistant", status=status)) is None


def test_a_stopped_reply_was_stopped_by_the_reader() -> None:
    assert status_message(status="stopped") == StatusMessage(
        "This reply was stopped.", "circle-stop", can_retry=True
    )


def test_an_interrupted_reply_keeps_its_text_and_can_be_retried() -> None:
    assert "What had arrived is kept" in status_message(status="interrupted").sentence
    assert status_message(status="interrupted").can_retry


def test_an_empty_reply_is_called_so() -> None:
    assert (
        status_message(status="complete", text=" \n").sentence == "The model sent an empty reply."
    )
    assert status_message(status="complete", text="").can_retry


@pytest.mark.parametrize(("limit", "words"), [(1, "1 token,"), (200, "200 tokens,")])
def test_a_reply_at_its_own_longest_length_says_so(limit: int, words: str) -> None:
    kept = {"max_tokens": {"value": limit, "from": "conversation"}}
    found = status_message(status="complete", text="One", finish_reason="length", parameters=kept)
    assert words in found.sentence
    assert found.can_continue


def test_a_reply_at_the_length_limit_can_be_gone_on_with() -> None:
    found = status_message(status="complete", text="One", finish_reason="length")
    assert "length limit" in found.sentence
    assert not found.can_retry


def test_a_filtered_reply_is_called_so_even_when_it_is_empty() -> None:
    found = status_message(status="complete", text="", finish_reason="content_filter")
    assert "content filter" in found.sentence


@pytest.mark.parametrize("reason", ["tool_calls", "function_call", "TOOL_USE"])
def test_a_reply_that_wanted_a_tool_says_that_there_are_none(reason: str) -> None:
    found = status_message(status="complete", text="One", finish_reason=reason)
    assert "there are none here" in found.sentence
    assert not found.can_retry


def test_a_reply_that_ended_for_an_unknown_reason_says_so_and_can_be_retried() -> None:
    found = status_message(status="complete", text="One", finish_reason="cosmic_ray")
    assert "“cosmic_ray”" in found.sentence
    assert found.can_retry


@pytest.mark.parametrize("reason", ["", "stop", "STOP", "end_turn", "eos"])
def test_an_ordinary_reason_needs_no_note(reason: str) -> None:
    assert find_status_message(Message(role="assistant", text="One", finish_reason=reason)) is None


def test_a_reply_of_nothing_but_thinking_says_so() -> None:
    found = status_message(status="complete", text="", reasoning="Hm.", finish_reason="stop")
    assert "without an answer" in found.sentence
    assert found.can_retry


@pytest.mark.parametrize("error", ModelError.__subclasses__(), ids=lambda error: error.code)
def test_each_error_has_its_sentence_and_retry_where_it_makes_sense(
    error: type[ModelError],
) -> None:
    found = status_message(status="failed", error_code=error.code)
    assert found.sentence == error().sentence
    assert found.can_retry is error.retryable


@pytest.mark.parametrize("code", ["internal", "", "of a later version"])
def test_an_error_that_is_not_the_models_can_be_retried(code: str) -> None:
    found = status_message(status="failed", error_code=code)
    assert "Something went wrong on this site" in found.sentence
    assert found.can_retry


def throttled(*, seconds_ago: float) -> str:
    finished_at = timezone.now() - timedelta(seconds=seconds_ago)
    return status_message(
        status="failed", error_code="throttled", retry_after=60.0, finished_at=finished_at
    ).sentence


def test_the_time_to_wait_is_told_while_it_is_to_come() -> None:
    # The clock goes on between here and there.
    assert any(f"in about {seconds} seconds" in throttled(seconds_ago=20) for seconds in (39, 40))


def test_a_time_that_has_passed_is_not_told() -> None:
    assert throttled(seconds_ago=61).endswith("try again in a moment.")


def test_a_long_time_is_told_in_minutes() -> None:
    found = status_message(
        status="failed", error_code="throttled", retry_after=600.0, finished_at=timezone.now()
    )
    assert "in about 10 minutes" in found.sentence


def test_more_than_an_hour_is_told_by_the_clock_of_the_reader() -> None:
    with timezone.override("Asia/Kathmandu"):
        finished_at = timezone.localtime().replace(hour=0, minute=5) + timedelta(days=1)
        found = status_message(
            status="failed", error_code="throttled", retry_after=8.5 * 3600, finished_at=finished_at
        )
    assert found.sentence.endswith("try again tomorrow at 08:35.")


def test_the_longest_wait_there_is_has_a_date() -> None:
    found = status_message(
        status="failed", error_code="upstream", retry_after=86_400.0 * 9, finished_at=timezone.now()
    )
    assert re.search(r"try again on \d+ \w+ at \d\d:\d\d\.", found.sentence)
