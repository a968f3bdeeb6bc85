"""Blocks of code and their budgets, with the real helper and lexers that never end."""

import logging
import queue
import sys
from collections.abc import Callable, Iterator

import pytest

from conversations.highlighting.highlighter import (
    MAX_LENGTH,
    REST,
    HighlightBudget,
    Highlighter,
    HighlightRequest,
    Runs,
    read_runs,
)

ALICE, BOB = 1, 2
POISON = "<!--\n"  # the lexer of mcschema never ends with it
KEYWORD = [("k", 4)]


class Answers:
    """What a highlighter delivers, in order."""

    def __init__(self, highlighter: Highlighter) -> None:
        self.highlighter = highlighter
        self.budget = HighlightBudget(60)
        self._delivered: queue.Queue[Runs | None] = queue.Queue()

    def submit(self, language: str, code: str, user: int = ALICE) -> None:
        block = HighlightRequest(language, code, self.budget, self._delivered.put)
        self.highlighter.submit(user, block)

    def next(self) -> Runs | None:
        return self._delivered.get(timeout=60)

    def ask(self, language: str, code: str, user: int = ALICE) -> Runs | None:
        self.submit(language, code, user)
        return self.next()


type Ask = Callable[..., Answers]


@pytest.fixture
def ask_within() -> Iterator[Ask]:
    """Makes highlighters that end with the test; of their seconds a block."""
    made: list[Highlighter] = []

    def make(block_timeout: float, rest: float = REST) -> Answers:
        made.append(Highlighter(block_timeout=block_timeout, rest=rest))
        return Answers(made[-1])

    yield make
    for highlighter in made:
        highlighter.stop()


@pytest.fixture
def answers(ask_within: Ask) -> Answers:
    """Of a patient highlighter, for what ends."""
    return ask_within(30)


@pytest.fixture
def strict_answers(ask_within: Ask) -> Answers:
    """Of one that is as strict as the site's."""
    return ask_within(0.25)


def test_code_gets_its_runs(answers: Answers) -> None:
    assert answers.ask("python", "pass") == KEYWORD


def test_a_lexer_that_never_ends_is_given_up(strict_answers: Answers) -> None:
    assert strict_answers.ask("mcschema", POISON) is None


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("autohotkey", "\n" * 20_000),
        ("easytrieve", "\t" * 20_000),
        ("mcschema", POISON),
        ("python", "\n " * 10_000),
        ("javascript", '\\"' * 10_000),
    ],
)
def test_what_comes_after_hostile_code_gets_its_runs(
    strict_answers: Answers, language: str, code: str
) -> None:
    strict_answers.submit(language, code)
    strict_answers.submit("json", "null", BOB)
    assert strict_answers.next() is None
    assert strict_answers.next() == [("kc", 4)]


def test_a_language_that_timed_out_rests(strict_answers: Answers) -> None:
    strict_answers.ask("mcschema", POISON)
    assert strict_answers.ask("mcschema", "a b") is None
    assert strict_answers.ask("json", "null") == [("kc", 4)]


def test_a_language_rests_for_the_user_whose_code_was_hostile_only(strict_answers: Answers) -> None:
    strict_answers.ask("mcschema", POISON, ALICE)
    assert strict_answers.ask("mcschema", "a b", BOB) is not None


def test_a_language_that_has_rested_is_tried_again(ask_within: Ask) -> None:
    answers = ask_within(0.25, rest=0)
    assert answers.ask("mcschema", POISON) is None
    assert answers.ask("mcschema", "a b") is not None


def test_a_reply_whose_time_is_up_stays_plain(answers: Answers) -> None:
    answers.budget.left = 1
    assert answers.ask("python", "pass") is None


def test_a_reply_may_have_four_lexers_ended(strict_answers: Answers) -> None:
    strict_answers.budget.left = 1
    for user in range(4):
        strict_answers.submit("mcschema", POISON, user)
    strict_answers.submit("json", "null")
    assert [strict_answers.next() for _ in range(5)] == [None] * 5
    assert strict_answers.budget.left == 0


def test_what_a_reply_takes_is_counted(answers: Answers) -> None:
    answers.ask("python", "pass")
    assert answers.budget.left < 60


@pytest.mark.parametrize("code", ["", "x" * (MAX_LENGTH + 1), "1+" * (MAX_LENGTH // 2)])
def test_code_that_is_empty_or_too_long_or_of_too_many_parts_stays_plain(
    answers: Answers, code: str
) -> None:
    assert answers.ask("python", code) is None


def test_who_is_quick_is_served_before_who_was_slow(strict_answers: Answers) -> None:
    strict_answers.submit("mcschema", POISON, ALICE)
    strict_answers.submit("json", "false", ALICE)
    strict_answers.submit("json", "null", BOB)
    assert [strict_answers.next() for _ in range(3)] == [None, [("kc", 4)], [("kc", 5)]]


def test_without_a_helper_all_code_stays_plain_and_it_is_said_once(
    answers: Answers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with caplog.at_level(logging.WARNING):
        assert [answers.ask("python", "pass") for _ in range(3)] == [None, None, None]
    assert caplog.text.count("without colours") == 1


def test_a_helper_that_can_be_started_again_is_used_again(
    ask_within: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ask_within(30, rest=0)
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", "/nowhere/python")
        assert answers.ask("python", "pass") is None
    assert answers.ask("python", "pass") == KEYWORD


@pytest.mark.parametrize(
    "response",
    [
        *(b"", b"{", b"null", b"[]", b"7", b'["k"]', b'[["k"]]', b'[["k", "x"]]', b"\xff"),
        *(b'[["k", 3]]', b'[["k", 5], ["k", -1]]', b'[["k", 4], ["", 0]]', b"[" * 100_000),
    ],
)
def test_an_answer_that_is_not_about_the_code_is_dropped(response: bytes) -> None:
    assert read_runs(response, 4) is None
