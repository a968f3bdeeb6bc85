"""What a prompt leaves open: the grammar of its variables, and how they are filled."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.prompt_library.models import TEXT_LENGTH
from conversations.prompt_library.variables import (
    MOST_CHARACTERS,
    MOST_VARIABLES,
    Kind,
    TooLongError,
    Variable,
    fill,
    fill_today,
    parse,
)


def only(source: str) -> Variable:
    (variable,) = parse(source).variables
    return variable


@pytest.mark.parametrize(
    ("source", "variable"),
    [
        ("{{topic}}", Variable("topic")),
        ("{{ first_name }}", Variable("first_name")),
        ("{{first name}}", Variable("first name")),
        ("{{größe}}", Variable("größe")),
        ("{{notes | textarea}}", Variable("notes", Kind.LONG_TEXT)),
        ("{{notes|textarea:required}}", Variable("notes", Kind.LONG_TEXT, is_required=True)),
        ("{{a | text:required=false}}", Variable("a")),
        ('{{a | text:placeholder="What: so"}}', Variable("a", placeholder="What: so")),
        (r'{{a | text:default="say \"so\""}}', Variable("a", default='say "so"')),
        ("{{a | text:default=so}}", Variable("a", default="so")),
        (
            '{{tone | select:options="formal, friendly":default="friendly"}}',
            Variable("tone", Kind.CHOICE, default="friendly", options=("formal", "friendly")),
        ),
        (
            '{{tone | select:options=["a, b", "c]", "c]"]}}',
            Variable("tone", Kind.CHOICE, options=("a, b", "c]")),
        ),
        ("{{day | date:default=2026-11-27}}", Variable("day", Kind.DATE, default="2026-11-27")),
        ('{{n | number : placeholder = "Any"}}', Variable("n", Kind.NUMBER, placeholder="Any")),
    ],
)
def test_a_variable_is_read(source: str, variable: Variable) -> None:
    assert only(source) == variable


@pytest.mark.parametrize(
    "source",
    [
        "{{}}",
        "{{ }}",
        "{{1st}}",
        "{{a.b}}",
        "{{a | color}}",
        "{{a | text:size=3}}",
        "{{a | text: }}",
        "{{a | select}}",
        '{{a | select:options=""}}',
        '{{a | select:options="b":default="c"}}',
        '{{a | text:options="b"}}',
        "{{a | date:default=soon}}",
        '{{a | text:default="never closed}}',
        '{{a | text:default=["b"]}}',
        "{{a | select:options=[1]}}",
        r'{{a | text:default="\ud800"}}',
        r'{{a | text:placeholder="\u0000"}}',
        r'{{a | select:options=["b","\udfff"]}}',
        "{{a | select:options=[[[[}}",
        "{{a\n}}",
        "{{" + "a" * 61 + "}}",
        '{{a | text:default="' + "b" * 2_000 + '"}}',
    ],
)
def test_what_is_no_variable_stays_text_and_is_named(source: str) -> None:
    template = parse(f"Before {source} after")
    assert template.variables == ()
    assert fill(template, {}) == f"Before {source} after"
    assert template.unknown == (() if "\n" in source else (source,))


def test_braces_around_it_are_text() -> None:
    assert fill(parse("{{{a}}} {x} }}"), {"a": "b"}) == "{b} {x} }}"


def test_the_first_that_says_more_than_its_name_holds_everywhere() -> None:
    template = parse("{{a}} {{a | textarea}} {{a | date}}")
    assert template.variables == (Variable("a", Kind.LONG_TEXT),)
    assert fill(template, {"a": "x"}) == "x x x"


def test_no_more_than_so_many_are_asked_for() -> None:
    template = parse(" ".join(f"{{{{v{number}}}}}" for number in range(MOST_VARIABLES + 1)))
    assert len(template.variables) == MOST_VARIABLES
    assert template.unknown == (f"{{{{v{MOST_VARIABLES}}}}}",)


def test_a_value_is_never_read_again() -> None:
    template = parse("{{a}} {{b}}")
    assert fill(template, {"a": "{{b}}", "b": "{{a}}"}) == "{{b}} {{a}}"


def test_the_date_is_filled_by_itself() -> None:
    template = parse("On {{today}}, {{CURRENT_DATE}}: {{topic}}")
    assert [each.name for each in template.asked] == ["topic"]
    values = fill_today(template, date(2026, 11, 27))
    assert fill(template, values | {"topic": "x"}) == "On 2026-11-27, 2026-11-27: x"


def test_the_clipboard_is_asked_for() -> None:
    assert [each.is_clipboard for each in parse("{{clipboard}} {{CLIPBOARD}}").asked] == [True] * 2


def test_what_comes_of_it_has_an_end() -> None:
    with pytest.raises(TooLongError):
        fill(parse("{{a}}" * 100), {"a": "x" * (MOST_CHARACTERS // 100 + 1)})


PIECES = st.sampled_from(
    [
        "{",
        "}",
        "{{",
        "}}",
        "a",
        "|",
        ":",
        '"',
        "\\",
        "[",
        "]",
        ",",
        "=",
        "select",
        "options",
        "\n",
        " ",
    ]
)


@given(st.lists(PIECES).map("".join) | st.text())
def test_no_text_is_refused_and_none_is_lost(text: str) -> None:
    template = parse(text)
    assert "".join(part.source for part in template.parts) == text
    names = {part.variable for part in template.parts if part.variable}
    assert names == {variable.name for variable in template.variables}
    sources = {part.variable: part.source for part in template.parts if part.variable}
    if len(sources) == sum(bool(part.variable) for part in template.parts):
        assert fill(template, sources) == text


@pytest.mark.parametrize(
    "piece",
    [
        "{{",
        "{{a",
        "}}",
        "{{a}}",
        '{{a|text:default="',
        "{{a|select:options=[",
        "{{a|text:a:a:a",
        "{ {",
        '"\\',
    ],
)
def test_of_a_text_ten_times_as_long_as_any_nothing_is_lost(piece: str) -> None:
    # Were the time quadratic, this would take hours.
    text = piece * (10 * TEXT_LENGTH // len(piece))
    for each in (text, f"{{{{a | text:{text[:1900]}}}}}" * 150):
        assert "".join(part.source for part in parse(each).parts) == each
