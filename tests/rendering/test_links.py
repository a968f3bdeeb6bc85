"""Where a reply may lead."""

import pytest

from conversations.rendering import render
from tests.rendering.dom import html

REL = 'target="_blank" rel="noopener noreferrer nofollow"'


@pytest.mark.parametrize(
    ("text", "href", "shown"),
    [
        ("[a](https://x.y/b)", "https://x.y/b", "a"),
        ("[a][r]\n\n[r]: http://x.y", "http://x.y", "a"),
        ("<https://x.y/?a=1&b=2>", "https://x.y/?a=1&amp;b=2", "https://x.y/?a=1&amp;b=2"),
        ("https://x.y/a_b_c", "https://x.y/a_b_c", "https://x.y/a_b_c"),
        ("[a](https://x.y/(b))", "https://x.y/(b)", "a"),
        ("[a](https://x.y/?q=$5&p=$6)", "https://x.y/?q=$5&amp;p=$6", "a"),
    ],
)
def test_addresses_that_are_linked(text: str, href: str, shown: str) -> None:
    assert html(text) == f'<p><a href="{href}" {REL}>{shown}</a></p>'


@pytest.mark.parametrize(("text", "shown"), [("[a](mailto:a@b.c)", "a"), ("<a@b.c>", "a@b.c")])
def test_an_address_of_mail_opens_no_empty_tab(text: str, shown: str) -> None:
    rel = REL.removeprefix('target="_blank" ')
    assert html(text) == f'<p><a href="mailto:a@b.c" {rel}>{shown}</a></p>'


@pytest.mark.parametrize("address", ["/x", "x.html", "//x.y", "ftp://x.y", "javascript:x", "#m1"])
def test_other_addresses_leave_the_text(address: str) -> None:
    assert html(f"see [the *text*]({address})") == "<p>see the <em>text</em></p>"


@pytest.mark.parametrize("end", [".", ",", ")", "!", "?", ":", '"', "**", "。"])
def test_punctuation_after_an_address_is_not_part_of_it(end: str) -> None:
    assert f'href="https://x.y/a" {REL}>https://x.y/a</a>' in html(f"https://x.y/a{end} b")


def test_an_address_in_code_stays_code() -> None:
    assert html("`https://x.y`") == "<p><code>https://x.y</code></p>"


def test_an_address_as_the_text_of_a_link_is_one_link() -> None:
    assert html("[https://a.b](https://x.y)").count("<a ") == 1


def test_images_are_links() -> None:
    link = f'<a class="image" href="https://x.y/i.png" {REL}>'
    assert html("![a *b*](https://x.y/i.png)") == f"<p>{link}a <em>b</em></a></p>"
    assert html("![](https://x.y/i.png)") == f"<p>{link}https://x.y/i.png</a></p>"


def test_an_image_in_a_link_is_its_text() -> None:
    assert html("[![a](https://i.j)](https://x.y)") == f'<p><a href="https://x.y" {REL}>a</a></p>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[](notes.txt)", "<p>notes.txt</p>"),
        ("a [](javascript:x) b", "<p>a javascript:x b</p>"),
        ("[](https://x.y/a)", ">https://x.y/a</a>"),
    ],
)
def test_a_link_of_no_words_shows_its_address(text: str, shown: str) -> None:
    assert shown in render(text, prefix="m1")
