"""Colours of a reply's code: while it is written, in what is saved, and in what is saved later."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from pytest_django import Settings

from conversations import rendering
from conversations.models import Conversation, Message
from conversations.offline_model import Fault, OfflineModel
from conversations.presenter import MessageView
from conversations.rendering.html_diff import HighlightPatch
from conversations.rendering.patches import PatchCursor
from conversations.services.replies import highlighting, renderings
from conversations.services.replies.growing_html import GrowingHtml
from conversations.services.replies.memory import MemoryReply
from tests.factories import add_message
from tests.services.writing import TIMEOUT, write_reply

pytestmark = pytest.mark.django_db(transaction=True)

PYTHON = "```python\nif x:\n    pass\n```\n\n"
POISON = "```mcschema\n<!--\n```\n\n"
COLOURED = '<span class="k">if</span> x:\n    <span class="k">pass</span>'


@pytest.fixture
def strict(settings: Settings) -> Iterator[None]:
    """A highlighter as strict as the site's."""
    settings.HIGHLIGHT_BLOCK_TIMEOUT = 0.25
    highlighting.stop_highlighter()
    yield
    highlighting.stop_highlighter()


def html_of(text: str) -> GrowingHtml:
    reply = MemoryReply(Message(pk=7, conversation=Conversation(owner_id=1)))
    reply.publish(text)
    return GrowingHtml(reply)


def shown_text(html: str) -> str:
    return unescape(re.sub("<[^>]*>", "", html))


# While it is written


def test_finished_code_is_shown_plain_at_once() -> None:
    patches, _ = html_of(PYTHON).advance(PatchCursor())
    assert "if x:\n    pass</code>" in patches[0].html


def test_its_colours_follow_when_they_come() -> None:
    html, cursor = html_of(PYTHON), PatchCursor()
    _, seen = html.advance(cursor)
    assert html.wait_for_more(seen, TIMEOUT)
    assert html.highlighting.wait(TIMEOUT)
    html.reply.wait_done(html.rest())
    assert html.advance(cursor) == ([HighlightPatch(1, COLOURED)], seen + 1)


def test_who_comes_later_is_shown_colours_at_once() -> None:
    html = html_of(PYTHON)
    html.advance(PatchCursor())
    assert html.highlighting.wait(TIMEOUT)
    html.reply.wait_done(html.rest())
    html.advance(PatchCursor())
    patches, _ = html.advance(PatchCursor())
    assert COLOURED in patches[0].html


def test_code_that_can_not_be_highlighted_wakes_nobody(strict: None) -> None:
    html = html_of(POISON)
    _, seen = html.advance(PatchCursor())
    assert html.highlighting.wait(TIMEOUT)
    assert not html.wait_for_more(seen, timeout=0)


# When it is saved


def test_code_is_saved_with_its_colours(conversation: Conversation, model: OfflineModel) -> None:
    model.script(Fault(text=f"One\n\n{PYTHON}- two\n\n  ```json\n  null\n  ```\n"))
    reply = write_reply(conversation)
    assert COLOURED in reply.html
    assert '<span class="kc">null</span>' in reply.html


def test_hostile_code_is_saved_plain_and_the_rest_with_its_colours(
    conversation: Conversation, model: OfflineModel, strict: None
) -> None:
    model.script(Fault(text=PYTHON + POISON))
    reply = write_reply(conversation)
    assert (reply.status, COLOURED in reply.html) == ("complete", True)
    assert '<code class="language-mcschema">&lt;!--</code>' in reply.html


def test_a_reply_is_saved_plain_when_its_colours_do_not_come_in_time(
    conversation: Conversation, model: OfflineModel, strict: None, settings: Settings
) -> None:
    settings.HIGHLIGHT_REPLY_TIMEOUT = 0.01
    model.script(Fault(text=PYTHON))
    reply = write_reply(conversation)
    assert (reply.status, reply.text) == ("complete", PYTHON)
    assert reply.html == rendering.render(PYTHON, prefix=f"m{reply.pk}")


def test_colours_that_come_after_the_reply_was_deleted_do_no_harm(
    conversation: Conversation,
) -> None:
    colours = html_of(PYTHON).highlighting
    html = rendering.render(PYTHON, prefix="m7")
    highlighting.highlight_saved(2**40, colours, html)
    assert COLOURED in colours.insert(html)


def test_colours_change_no_character(conversation: Conversation, model: OfflineModel) -> None:
    text = "```html\n<p class='a'>&amp;&nbsp;\u00a0é</p>\n```\n"
    model.script(Fault(text=text))
    reply = write_reply(conversation)
    assert '<span class="nt">' in reply.html
    assert shown_text(reply.html) == shown_text(rendering.render(text, prefix="m1"))


def test_code_that_nobody_waits_for_is_not_highlighted() -> None:
    colours, html = html_of(PYTHON).highlighting, rendering.render(PYTHON, prefix="m7")
    colours.end()
    colours.request(html)
    assert colours.wait(TIMEOUT)
    assert colours.insert(html) == html


# When it is read again


def test_a_view_keeps_the_colours_that_an_older_renderer_made(conversation: Conversation) -> None:
    html = rendering.render(PYTHON, prefix="m1").replace("if x:\n    pass", COLOURED)
    reply = add_message(conversation, role="assistant", text=PYTHON, html=html, html_version=1)
    renderings.refresh_html([reply])
    reply.refresh_from_db()
    assert (reply.html, reply.html_version) == (html, rendering.VERSION)


def test_a_view_gives_no_colours_to_code_that_has_none(conversation: Conversation) -> None:
    reply = add_message(conversation, role="assistant", text=POISON, html="", html_version=0)
    highlighting.stop_highlighter()
    renderings.refresh_html([reply])
    assert not highlighting.is_highlighter_running()
    assert "&lt;!--" in MessageView(reply).html
