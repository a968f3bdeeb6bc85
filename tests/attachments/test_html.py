"""HTML as Markdown."""

import pytest

from conversations.attachments.reading.html import to_markdown
from tests.attachments.reading import find_error, read


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h2>Aims</h2><p>One\n  two<br>three", "## Aims\n\nOne two\nthree"),
        ("<p><b>bold</b> <i>slanted</i> <code>x = 1</code>", "**bold** *slanted* `x = 1`"),
        ("<a href='https://example.com/'>here</a>", "[here](https://example.com/)"),
        ("<a href='javascript:alert(1)'>here</a>", "here"),
        ("<img src='x.png' alt='A cat' onerror='alert(1)'>", "A cat"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<ol start=3><li>three<li>four</ol>", "3. three\n4. four"),
        (
            "<table><tr><th>a<th>b<tr><td>1<td>2|3</table>",
            "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |",
        ),
        ("<pre>if x:\n    y</pre>", "```\nif x:\n    y\n```"),
        ("<p>before<hr>after", "before\n\n---\n\nafter"),
        ("<p>a &lt;b&gt; &amp; c &eacute;", "a <b> & c é"),
        ("<title>T</title><style>x{}</style><script>x</script><p>words", "words"),
        ("<p>an <unknown>element</unknown>", "an element"),
        ("</p></div></table></ul><li>loose<td>cell", "- loosecell"),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert to_markdown(html, 100) == markdown


def test_a_quotation_is_marked() -> None:
    assert "> words" in to_markdown("<blockquote><p>words</p></blockquote>", 100)


@pytest.mark.parametrize("name", ["page.html", "page.HTM", "page", "page.xhtml"])
def test_a_page_is_a_document(name: str) -> None:
    reading = read("<!-- saved -->\n<!DOCTYPE html><p>Grüße".encode("cp1252"), name=name)
    assert (reading.kind, reading.media_type, reading.text) == ("document", "text/html", "Grüße")


@pytest.mark.parametrize("name", ["page.php", "page.jinja", "page.html.erb", "notes.txt"])
def test_code_that_begins_as_a_page_is_text(name: str) -> None:
    assert read(b"<!DOCTYPE html><?php echo 1 ?>", name=name).kind == "text"


def test_text_about_html_is_text() -> None:
    assert read(b"Write <html> first.", name="notes.html").kind == "text"


def test_a_page_without_words_says_so() -> None:
    assert find_error(b"<html><script>draw()</script></html>", name="page.html") == "no_text"


def test_elements_in_each_other_without_end_are_read() -> None:
    assert "words" in to_markdown("<div><ul><li>" * 1_000 + "words", 10**6)
