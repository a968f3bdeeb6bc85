"""What is known of a reply, in a few words each."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from conversations.models import Message
from conversations.reply_details import list_details


def details_of(**fields: object) -> dict[str, str]:
    message = Message(role=Message.Role.ASSISTANT, **fields)
    return {detail.name: detail.value for detail in list_details(message)}


def test_what_it_took_is_said_in_round_numbers() -> None:
    found = details_of(
        prompt_tokens=12_345, cached_tokens=0, completion_tokens=31, cost_usd=Decimal("0.0105458")
    )
    assert found["Tokens read"] == "12,345"
    assert found["From the cache"] == "0"
    assert found["Tokens written"] == "31"
    assert found["Cost"] == "$0.0105"


def test_times_are_counted_from_when_its_user_sent_their_message() -> None:
    sent = timezone.now()
    found = details_of(
        created_at=sent,
        first_token_at=sent + timedelta(seconds=0.4),
        finished_at=sent + timedelta(seconds=3),
    )
    assert (found["First word"], found["Whole time"]) == ("0.40 s", "3.0 s")


def test_what_is_not_known_is_not_said() -> None:
    assert set(details_of(model="test-model")) == {"Model", "Ended"}


def test_a_cost_without_prices_is_not_said() -> None:
    assert "Cost" not in details_of(cost_usd=Decimal(0))


def test_an_estimate_is_called_one() -> None:
    assert "roughly" in details_of(usage_estimated=True)["Counted by"]


def test_what_was_asked_for_is_said() -> None:
    assert details_of(instruction="shorter")["Asked for"] == "Shorter"


def test_of_an_edited_reply_there_is_only_that_it_was() -> None:
    assert set(details_of(is_edited=True, model="test-model")) == {"Written by"}


@pytest.mark.parametrize(
    ("status", "fields", "words"),
    [
        ("complete", {"finish_reason": "stop"}, "it was complete"),
        ("complete", {"finish_reason": "MAX_TOKENS"}, "at the model’s length limit"),
        ("complete", {"finish_reason": "tired"}, "tired"),
        ("stopped", {}, "you stopped it"),
        ("interrupted", {}, "the server was restarted or lost it"),
        ("failed", {"error_code": "throttled"}, "it failed (throttled)"),
    ],
)
def test_why_it_ended_is_said(status: str, fields: dict[str, str], words: str) -> None:
    assert details_of(status=status, **fields)["Ended"] == words


def test_what_it_was_made_with_is_said_with_who_had_set_it() -> None:
    found = details_of(
        parameters={
            "temperature": {"value": 1, "from": "conversation", "asked": 1.8},
            "stop": {"value": ["END", "\n"], "from": "site"},
            "seed": {"from": "model", "asked": 7},
            "max_tokens": {"value": 1200, "from": "reply"},
        },
        finish_reason="length",
        status="complete",
    )
    assert found["Temperature"] == "1 (1.8 was not allowed)"
    assert found["Stop words"] == "“END”, “\\n” (the site’s)"
    assert found["Seed"] == "random (7 was not allowed)"
    assert found["Longest reply"] == "1,200 tokens (this reply’s)"
    assert found["Ended"] == "at the longest reply"
