"""Replies of an exact length."""

from typing import get_args

import pyromark
import pytest

from conversations.offline_model.faults import Shape
from conversations.offline_model.shapes import write_exact_reply

SHAPES: tuple[Shape, ...] = get_args(Shape.__value__)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("length", [0, 1, 2, 3, 200, 5000])
def test_a_reply_has_exactly_the_length_asked_for(shape: Shape, length: int) -> None:
    assert len(write_exact_reply(shape, length)) == length


def test_a_token_of_prose_has_about_the_length_of_a_real_one() -> None:
    assert 4.2 < len("".join(write_exact_reply("prose", 5000))) / 5000 < 4.8


def test_prose_is_paragraphs_of_a_realistic_length() -> None:
    paragraphs = "".join(write_exact_reply("prose", 5000)).split("\n\n")[:-1]
    assert all(30 < len(paragraph.split()) < 120 for paragraph in paragraphs)
    assert len(set(paragraphs)) == len(paragraphs)


def test_a_fence_is_one_closed_code_block() -> None:
    html = pyromark.html("".join(write_exact_reply("fence", 3000)))
    assert html.startswith('<pre><code class="language-python">')
    assert html.count("<pre>") == 1
    assert html.endswith("</code></pre>\n")


def test_a_list_is_one_flat_list() -> None:
    html = pyromark.html("".join(write_exact_reply("list", 3000)))
    assert html.startswith("<ul>\n<li>")
    assert html.count("<ul>") == 1
    assert html.count("<li>") > 100
