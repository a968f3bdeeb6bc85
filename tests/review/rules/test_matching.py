"""What rules find: words of any script, expressions in linear time, cost and length."""

import time
from decimal import Decimal
from typing import Any

import pytest

from conversations.models import Message
from conversations.review.models import Rule
from conversations.review.rules import matching
from conversations.review.rules.excerpts import make_excerpt
from conversations.review.rules.expressions import InvalidPatternError, check_pattern, split_words


def finds(rule: Rule, text: str = "", **fields: Any) -> bool:
    message = Message(text=text, **({"role": "user"} | fields))
    (found,) = matching.match_rules([rule], [message])
    return found.messages == [message]


def words(text: str) -> Rule:
    return Rule(kind="words", text=text)


def pattern(text: str) -> Rule:
    return Rule(kind="pattern", text=text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("bomb", "A bomb."),
        ("bomb", "bomb"),
        ("BOMB", "(Bomb)"),
        ("bomb\nknife", "a\nknife\nfell"),
        ("straße", "Die STRASSE hinab"),
        ("café", "un CAFE\u0301 !"),
        ("credit card", "my credit\u00a0\n card"),
        ("credit   card", "Credit card"),
        ("api", "中文API接口"),
        ("爆弾", "これは爆弾です"),
        ("폭탄", "폭탄을 만들다"),
        ("ระเบิด", "ทำระเบิดเอง"),
        ("бомба", "Это бомба!"),
        ("नमस्ते", "नमस्ते!"),
        ("€", "500€"),
        ("c++", "I write C++."),
        ("a.b", "see a.b now"),
    ],
)
def test_words_are_found(word: str, text: str) -> None:
    assert finds(words(word), text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("bomb", "bombastic"),
        ("bomb", "a_bomb"),
        ("bomb", "firebomb"),
        ("bomb", "bomb2"),
        ("cafe", "cafe\u0301"),
        ("bomb", ""),
        ("a.b", "axb"),
        ("бомба", "бомбардир"),
        ("नम", "नमस्ते"),
    ],
)
def test_parts_of_words_are_not(word: str, text: str) -> None:
    assert not finds(words(word), text)


def test_words_are_tidied_and_kept_once() -> None:
    assert split_words(" Bomb \n\n bomb\nhand  grenade\r\n") == ["bomb", "hand grenade"]


@pytest.mark.parametrize(
    ("expression", "text", "is_found"),
    [
        (r"\b\d{4}-\d{4}\b", "call 1234-5678 now", True),
        ("secret", "SECRET", False),
        ("(?i)secret", "SECRET", True),
        (r"^\s*sudo", "  sudo rm", True),
        (r"\p{Han}{2}", "中文", True),
        ("caf\u00e9", "cafe\u0301", True),
        (r"a.b", "a\nb", False),
    ],
)
def test_expressions_are_found_as_typed(expression: str, text: str, is_found: bool) -> None:
    assert finds(pattern(expression), text) is is_found


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("(", r"can’t be used: missing \)"),
        ("[a", r"missing \]"),
        ("(?<=a)b", "Look-ahead and look-behind aren’t possible"),
        ("a(?!b)", "Look-ahead and look-behind aren’t possible"),
        (r"(a)\1", "Back references aren’t possible"),
        ("a{5000}", "At most 1,000 repetitions"),
        ("(.?){1000}b", "too large: .* repeat less, or make several rules"),
        (r"(\pL?){50}\d", "too large"),
        ("a*", "matches every message"),
        ("x|", "matches every message"),
    ],
)
def test_an_expression_is_refused_with_the_reason(expression: str, sentence: str) -> None:
    with pytest.raises(InvalidPatternError, match=sentence):
        check_pattern(expression)


def test_a_thousand_words_are_found_in_an_expression_too() -> None:
    """As many as the form takes."""
    many = [f"{number:03x}" for number in range(1_000)]
    assert finds(words("\n".join(many)), "The last is 3e7.")
    expression = rf"(?i)\b(?:{'|'.join(many)})\b"[:3990].rpartition("|")[0] + r")\b"
    check_pattern(expression)
    assert finds(pattern(expression), "One is 2AF.")


def test_letters_of_any_script_are_small_enough() -> None:
    check_pattern(r"(?i)[\pL\pN._-]+@[\pL\pN-]+\.[a-z]{2,}")


@pytest.mark.parametrize("text", ["x" * 100_000, "\N{GRINNING FACE}" * 100_000])
@pytest.mark.parametrize(
    "expression", ["(x+x+)+y", "(.?){500}b", "(.?){270}[^x-z].{270}b", r"(\pL?){4}\d"]
)
def test_no_expression_takes_long(expression: str, text: str) -> None:
    check_pattern(expression)
    began = time.thread_time()
    matching.match_rules([pattern(expression)], [Message(text=text, role="user")])
    assert time.thread_time() - began < 5


def test_what_would_take_too_long_is_noticed_early() -> None:
    """A text that costs some seconds, by an expression that is just small enough."""
    faces = [chr(0x1F300 + number * 7 % 500) for number in range(matching.LONGEST)]
    began = time.thread_time()
    (found,) = matching.match_rules(
        [pattern("(.?){500}b")], [Message(text="".join(faces), role="user")]
    )
    assert found.is_too_slow
    assert time.thread_time() - began < 3


def test_what_comes_after_the_longest_text_is_not_looked_at() -> None:
    text = "x " * (matching.LONGEST // 2)
    assert not finds(words("bomb"), f"{text}bomb")
    assert finds(words("bomb"), f"bomb {text}")


def test_a_rule_that_takes_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "LIMIT", -1)
    (found,) = matching.match_rules([words("bomb")], [Message(text="bomb"), Message(text="bomb")])
    assert found.is_too_slow
    assert len(found.messages) == 1


@pytest.mark.parametrize(
    ("cost", "is_found"), [("0.51", True), ("0.5", False), ("0.1", False), (None, False)]
)
def test_what_costs_more_than_the_threshold_is_found(cost: str | None, is_found: bool) -> None:
    rule = Rule(kind="cost", threshold=Decimal("0.5"))
    cost_usd = Decimal(cost) if cost else None
    assert finds(rule, role="assistant", cost_usd=cost_usd) is is_found


@pytest.mark.parametrize(("length", "is_found"), [(10, False), (11, True)])
def test_what_is_longer_than_the_threshold_is_found(length: int, is_found: bool) -> None:
    assert finds(Rule(kind="length", threshold=Decimal(10)), "é" * length) is is_found


@pytest.mark.parametrize(("role", "is_found"), [("", True), ("user", True), ("assistant", False)])
def test_a_rule_may_look_at_one_side_only(role: str, is_found: bool) -> None:
    assert finds(Rule(kind="words", text="bomb", role=role), "bomb") is is_found


@pytest.mark.parametrize(
    ("rule", "text", "found"),
    [
        (words("bomb"), "A (BOMB)!", "BOMB"),
        (words("strasse\nweg"), "Die große Straße hinab", "Straße"),
        (words("爆弾"), "これは爆弾です", "爆弾"),
        (pattern(r"\d+"), "Größe 42 cm", "42"),
        (Rule(kind="length", threshold=Decimal(1)), "A long one", ""),
        (words("of another day"), "A long one", ""),
    ],
)
def test_an_excerpt_marks_what_was_found(rule: Rule, text: str, found: str) -> None:
    shown = make_excerpt(rule, Message(text=text))
    assert shown.found == found
    assert shown.before + shown.found + shown.after == text


def test_an_excerpt_of_a_long_message_is_short() -> None:
    shown = make_excerpt(words("bomb"), Message(text="word " * 5_000 + "bomb" + " word" * 5_000))
    assert shown.before.startswith("…word ")
    assert shown.after.endswith(" word…")
    assert len(shown.before + shown.after) < 200
