"""What the helper answers, asked in the test's own process."""

import json
from typing import Any

import pytest

from conversations.highlighting import lexing


def ask(language: str, code: str, max_runs: int = 1000) -> Any:
    return json.loads(lexing.answer_request(json.dumps([language, code, max_runs]).encode()))


def test_code_is_divided_into_runs_of_a_class() -> None:
    assert ask("python", "if x: pass") == [["k", 2], ["", 4], ["k", 4]]


@pytest.mark.parametrize("language", ["python", "html", "console", "json", "diff", "php", "text"])
def test_runs_are_as_long_as_the_code(language: str) -> None:
    code = "\n\n  $ a <b x='&lt;'>\t\"c\" # d\n+ é\x0b\n\n"
    assert sum(length for _, length in ask(language, code)) == len(code)


def test_a_lexer_that_changes_characters_is_not_believed() -> None:
    assert ask("python", "a\r\nb") is None


def test_code_of_too_many_runs_is_given_up() -> None:
    assert ask("python", "1+" * 100, max_runs=20) is None


def test_half_a_character_does_no_harm() -> None:
    assert ask("python", "'\ud83d'") == [["s1", 3]]


@pytest.mark.parametrize("language", ["klingon", "", "../x"])
def test_an_unknown_language_has_no_runs(language: str) -> None:
    assert ask(language, "x") is None
