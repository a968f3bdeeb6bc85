"""What the offline model says of its own accord."""

import base64
from typing import Any

import pyromark
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.offline_model import samples
from conversations.offline_model.replies import LONGEST_QUOTE, compose_reply, quote_line
from conversations.offline_model.samples import SAMPLES, TOUR
from conversations.offline_model.tokens import split_tokens
from tests.pictures import make_png


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def test_a_reply_says_that_it_is_not_the_real_model() -> None:
    assert "offline model" in compose_reply([user("Hello")])


def test_a_reply_counts_the_messages_and_quotes_the_first_one() -> None:
    reply = compose_reply([user("Hello there"), assistant("Hello"), user("And now?")])
    assert "3 messages" in reply
    assert "`Hello there`" in reply


def test_a_reply_mentions_a_system_prompt_only_when_there_is_one() -> None:
    system = {"role": "system", "content": "Be brief."}
    assert "system prompt" in compose_reply([system, user("Hello")])
    assert "system prompt" not in compose_reply([user("Hello")])


def test_the_same_messages_get_the_same_reply() -> None:
    assert compose_reply([user("Hello")]) == compose_reply([user("Hello")])


def test_text_parts_are_read_like_text() -> None:
    url = f"data:image/png;base64,{base64.b64encode(make_png(64, 48)).decode()}"
    parts = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": "A table"}]
    reply = compose_reply([{"role": "user", "content": parts}])
    assert "`A table`" in reply
    assert "| Planet" in reply


@pytest.mark.parametrize(
    ("wish", "sample"),
    [
        ("Show me some code", samples.CODE),
        ("A table, please", samples.TABLE),
        ("Write a list", samples.LIST),
        ("Some math", samples.MATH),
        ("A quote", samples.QUOTE),
    ],
)
def test_a_keyword_chooses_the_sample(wish: str, sample: str) -> None:
    reply = compose_reply([user("Hello"), assistant("Hello"), user(wish)])
    assert reply.endswith(sample)


def test_without_a_keyword_the_first_turn_is_a_tour_and_later_ones_take_turns() -> None:
    talk = [user("Hello")]
    replies = [compose_reply(talk)]
    for _ in SAMPLES:
        talk += [assistant("…"), user("Go on")]
        replies.append(compose_reply(talk))
    assert TOUR in replies[0]
    assert all(any(sample.markdown in reply for reply in replies) for sample in SAMPLES)


@pytest.mark.parametrize("markdown", [TOUR, *(sample.markdown for sample in SAMPLES)])
def test_a_reply_is_pleasant_to_watch(markdown: str) -> None:
    assert 100 <= len(split_tokens(markdown)) <= 220


@given(st.text())
def test_no_markdown_gets_out_of_a_quotation(text: str) -> None:
    html = pyromark.html(f"said {quote_line(text)}.")
    inside = html.removeprefix("<p>said ").removesuffix(".</p>\n")
    assert inside == "" or (inside.startswith("<code>") and inside.endswith("</code>"))
    assert inside.count("<") in (0, 2)


@given(st.text(min_size=LONGEST_QUOTE))
def test_a_quotation_is_short(text: str) -> None:
    assert len(quote_line(text).strip("` ")) <= LONGEST_QUOTE
