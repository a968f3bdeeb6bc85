"""Text that means harm, and text that means nothing."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.rendering import BlockStream, render, sanitise
from tests.rendering.dom import parse
from tests.rendering.examples import EXAMPLES
from tests.rendering.test_blocks import texts
from tests.rendering.xss_vectors import VECTORS

ALLOWED = set(sanitise.TAGS)
ADDRESS = re.compile(r"https?://|mailto:|#m1-(note|cite)-\d+$", re.IGNORECASE)


def assert_harmless(html: str) -> None:
    for element in parse(html).elements():
        assert element.tag in ALLOWED
        for name, value in element.attributes.items():
            assert not name.startswith(("on", "hx-", "data-hx", "style", "src", "xlink"))
            assert name != "href" or ADDRESS.match(value)
            assert name != "id" or re.fullmatch(r"m1-(note|cite)-\d+", value)


@pytest.mark.parametrize("text", VECTORS)
def test_harm_is_text(text: str) -> None:
    assert_harmless(render(text, prefix="m1"))


@pytest.mark.parametrize("text", VECTORS)
def test_harm_is_text_while_it_arrives(text: str) -> None:
    stream = BlockStream("m1")
    for character in text:
        stream.feed(character)
        assert_harmless("".join(stream.finished) + stream.open)


@pytest.mark.parametrize("text", VECTORS)
def test_the_last_wall_stands_alone(text: str) -> None:
    assert_harmless(sanitise.sanitise_html(f"<p>{text}</p>"))


@pytest.mark.parametrize("section", EXAMPLES)
def test_the_last_wall_takes_nothing_from_what_is_ours(section: str) -> None:
    for text in EXAMPLES[section]:
        html = render(text, prefix="m1")
        assert sanitise.sanitise_html(html) == html


@settings(max_examples=300, deadline=None)
@given(text=texts)
def test_the_last_wall_takes_nothing_from_any_markdown(text: str) -> None:
    html = render(text, prefix="m1")
    assert sanitise.sanitise_html(html) == html


@settings(max_examples=150, deadline=None)
@given(text=st.text())
def test_any_text_can_be_rendered(text: str) -> None:
    assert_harmless(render(text, prefix="m1"))


ENDLESS = [
    *(
        "[",
        "![",
        "[a](",
        "[a][",
        "*a ",
        "**a",
        "`a",
        "~~a ",
        "> ",
        "- ",
        "1. ",
        "<a ",
        "<!--",
        "<b>",
    ),
    *("$a ", "$$a\n", "\\(", "\\[", "\\[\n", "\\", "(", "https://x(", "<sub>", "<details>\n", "|"),
    *(
        "\n",
        " ",
        "\x00",
        "\ud800",
        "\ufdd0",
        "&amp;",
        "a\n",
        "# a\n",
        "[^1]",
        "[^1]: a\n",
        "[a]: b\n",
    ),
]


@pytest.mark.parametrize("piece", ENDLESS)
def test_repetition_takes_time_in_proportion(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        started = time.process_time()
        render(text, prefix="m1")
        return time.process_time() - started

    # Four times as much takes four times as long, where a square would take sixteen times. What
    # else the process does at that moment is no square either, and not there three times.
    tries = (seconds(60_000) < 8 * seconds(15_000) + 0.2 for _ in range(3))
    assert any(tries)


def test_a_bug_of_the_parser_shows_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """Named as the one that Rust raises."""

    def panic(*_: object, **__: object) -> None:
        raise PanicException

    monkeypatch.setattr("pyromark.events_with_range", panic)
    assert render("*a* <b> $x$", prefix="m1") == "<p>*a* &lt;b&gt; $x$</p>"
