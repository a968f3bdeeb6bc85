"""The HTML of a reply that grows: rendered once, shown to all who follow."""

import threading
import time

import pytest

from conversations.models import Conversation, Message
from conversations.rendering.patches import PatchCursor
from conversations.services.replies.growing_html import GrowingHtml, share_html
from conversations.services.replies.memory import MemoryReply
from tests.services.writing import TIMEOUT


@pytest.fixture
def reply() -> MemoryReply:
    """Its message need not be saved."""
    return MemoryReply(Message(pk=7, conversation=Conversation(owner_id=1)))


@pytest.fixture
def html(reply: MemoryReply) -> GrowingHtml:
    return GrowingHtml(reply)


def follow(reply: MemoryReply, html: GrowingHtml, pieces: list[str]) -> threading.Thread:
    """Collects each new piece as the stream view does: those after the ones seen."""

    def run() -> None:
        text = ""
        while not reply.done or len(text) < len(reply.text):
            assert html.wait_for_more(len(pieces), TIMEOUT)
            new = reply.text[len(text) :]
            text += new
            pieces.extend(new)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_thought_is_something_new_for_followers(reply: MemoryReply, html: GrowingHtml) -> None:
    seen = html.advance(PatchCursor())[1]
    reply.publish("", "Hm.")
    assert html.wait_for_more(seen, 0)
    assert not html.wait_for_more(html.advance(PatchCursor())[1], 0)


def test_followers_see_every_character_once(reply: MemoryReply, html: GrowingHtml) -> None:
    written = [chr(0x4E00 + number) for number in range(500)]
    followed: list[list[str]] = [[] for _ in range(3)]
    threads = [follow(reply, html, pieces) for pieces in followed]
    for piece in written:
        reply.publish(piece)
    reply.finish()
    for thread in threads:
        thread.join(TIMEOUT)
    assert followed == [written] * 3


def test_waiting_returns_at_once_when_there_is_more(reply: MemoryReply, html: GrowingHtml) -> None:
    reply.publish("One")
    assert html.wait_for_more(0, timeout=0)


def test_waiting_runs_out_when_there_is_nothing_new(reply: MemoryReply, html: GrowingHtml) -> None:
    reply.publish("One")
    assert not html.wait_for_more(1, timeout=0)


def test_waiting_ends_with_the_reply(reply: MemoryReply, html: GrowingHtml) -> None:
    reply.finish()
    assert html.wait_for_more(0, timeout=0)
    assert reply.wait_done(timeout=0)


@pytest.mark.parametrize("event", ["piece", "end"])
def test_who_waits_is_woken(reply: MemoryReply, html: GrowingHtml, event: str) -> None:
    woken = threading.Event()

    def wait() -> None:
        if html.wait_for_more(0, timeout=60):
            woken.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    if event == "piece":
        reply.publish("One")
    else:
        reply.finish()
    # Long before its own time is up.
    assert woken.wait(TIMEOUT)
    waiting.join()


def test_a_reader_is_shown_what_there_is(reply: MemoryReply, html: GrowingHtml) -> None:
    reply.publish("One\n\n")
    ops, seen = html.advance(PatchCursor())
    assert ops
    assert seen == 1


def test_a_reader_who_has_everything_is_shown_nothing(
    reply: MemoryReply, html: GrowingHtml
) -> None:
    reply.publish("One\n\nTwo")
    cursor = PatchCursor()
    html.advance(cursor)
    assert html.advance(cursor) == ([], 1)


def test_all_readers_are_shown_the_same(reply: MemoryReply, html: GrowingHtml) -> None:
    reply.publish("One\n\n- two\n- three\n\nFour")
    assert html.advance(PatchCursor()) == html.advance(PatchCursor())


def test_nothing_rendered_is_nothing_to_rest_from(html: GrowingHtml) -> None:
    assert html.rest() == 0


def rendered(html: GrowingHtml, cursor: PatchCursor) -> int:
    """Has everything rendered, when it may be; how many pieces that were."""
    deadline = time.monotonic() + TIMEOUT
    while (seen := html.advance(cursor)[1]) < html.reply.size:
        assert time.monotonic() < deadline
        # What the stream view does between two looks.
        time.sleep(html.rest())
    return seen


def test_a_reader_may_rest_no_longer_than_rendering_is_due(
    reply: MemoryReply, html: GrowingHtml
) -> None:
    reply.publish("One " * 2_000)
    cursor = PatchCursor()
    html.advance(cursor)
    assert html.rest() > 0
    reply.publish("two")
    assert rendered(html, cursor) == 2


def test_rendering_too_soon_is_put_off(reply: MemoryReply, html: GrowingHtml) -> None:
    reply.publish("One " * 20_000)
    cursor = PatchCursor()
    _, before = html.advance(cursor)
    reply.publish("two")
    assert html.advance(cursor) == ([], before)


def test_a_machine_that_stood_still_while_it_rendered_is_not_waited_for_ten_times_as_long(
    reply: MemoryReply,
) -> None:
    times = iter([0.0, 60.0, 60.0])
    html = GrowingHtml(reply, clock=lambda: next(times))
    reply.publish("One")
    html.advance(PatchCursor())
    assert html.rest() == 0


def test_rendering_that_takes_long_rests_for_two_seconds_at_most(reply: MemoryReply) -> None:
    times = iter([0.0, 1.5, 1.5])
    html = GrowingHtml(reply, clock=lambda: next(times))
    reply.publish("One")
    html.advance(PatchCursor())
    assert html.rest() == pytest.approx(0.5)


def test_all_who_follow_a_reply_share_its_html(reply: MemoryReply) -> None:
    shared = share_html(reply)
    assert share_html(reply) is shared
    later = MemoryReply(Message(pk=7, conversation=Conversation(owner_id=1)))
    assert share_html(later) is not shared


def test_json_is_code_from_its_first_word_on() -> None:
    parameters = {"response_format": {"value": {"type": "json_object"}, "from": "conversation"}}
    message = Message(pk=7, conversation=Conversation(owner_id=1), parameters=parameters)
    reply = MemoryReply(message)
    html = GrowingHtml(reply)
    for word in ('{"a_b": ', '"*x*"}'):
        reply.publish(word)
        patches, _shown = html.advance(PatchCursor())
        shown = "".join(str(patch) for patch in patches)
        assert "<code" in shown
        assert "<em>" not in shown
