"""The HTML of a reply while it is written, made from its text by who follows it: rendered once in a
process, however many follow there.
"""

import functools
import threading
import time
from collections.abc import Callable
from weakref import WeakValueDictionary

from conversations.content import begin_markdown
from conversations.rendering import BlockStream
from conversations.rendering.html_diff import Patch
from conversations.rendering.patches import PatchCursor
from conversations.services.replies.channel import FollowedReply
from conversations.services.replies.highlighting import ReplyHighlighting
from conversations.services.replies.renderings import offload_rendering

# Rendering may take this share of the time: a long open block is rendered less often rather than at
# any cost.
RENDERING_SHARE = 0.1
# But for no longer than this, in seconds: rendering that took long because the machine stood still,
# or others were rendered first, is no reason to stand still ten times as long.
LONGEST_REST = 2.0

# Rendering that may make more HTML than this, in characters, would hold up all other streams: it is
# done in a thread.
OFFLOAD_FROM = 20_000


class GrowingHtml:
    """A reply's text as HTML, with the colours of its code. May be used from any thread."""

    def __init__(self, reply: FollowedReply, clock: Callable[[], float] = time.monotonic) -> None:
        self.reply = reply
        self._clock = clock
        self.highlighting = ReplyHighlighting(reply.owner_id, reply.wake)
        self._blocks = BlockStream(prefix=f"m{reply.pk}")
        self._rendered = 0
        self._render_next = 0.0
        self._rendering = threading.Lock()

    def wait_for_more(
        self,
        seen: int,
        timeout: float,
        *,
        unsaved: bool = False,
        interrupted: Callable[[], bool] = bool,
    ) -> bool:
        """Wait until there is more than what `seen` counts, or the reply is done, or can't be saved
        and the caller doesn't know, or it is woken and `interrupted()` holds; False when time runs
        out.
        """
        reply = self.reply

        def is_over() -> bool:
            return reply.done or self._available > seen or reply.unsaved > unsaved or interrupted()

        return reply.wait_for(is_over, timeout)

    def advance(self, cursor: PatchCursor) -> tuple[list[Patch], int]:
        """Return what a reader at `cursor` hasn't been sent of the text, and how much there is in
        all: thoughts, which are asked for afterwards, are counted.
        """
        with self._rendering:
            started = self._clock()
            if self._shown < self._available and started >= self._render_next:
                self._render()
                took = self._clock() - started
                self._render_next = started + min(took / RENDERING_SHARE, LONGEST_REST)
            compare = functools.partial(cursor.advance, self._blocks)
            return _offload_heavy(cursor.estimate_cost(self._blocks), compare), self._shown

    def rest(self) -> float:
        """Return the seconds until rendering again stays within its share of the time."""
        return max(0.0, self._render_next - self._clock())

    def _render(self) -> None:
        is_beginning = not self._rendered
        text, self._rendered = self.reply.text_after(self._rendered)
        if is_beginning and text:
            text = begin_markdown(self.reply.is_json) + text
        feed = functools.partial(self._blocks.feed, text)
        _offload_heavy(self._blocks.estimate_cost(text), feed)
        self.highlighting.update(self._blocks)
        # The stream renders when it is read; read here, so that its time counts.
        _offload_heavy(self._blocks.estimate_cost(""), lambda: self._blocks.live)

    @property
    def _available(self) -> int:
        """Pieces of text and thoughts, and of code that has got its colours."""
        return self.reply.size + self.highlighting.arrivals

    @property
    def _shown(self) -> int:
        """How many of them have been rendered, as thoughts need not be."""
        return self._rendered + self.reply.reasoning_size + self.highlighting.applied


def _offload_heavy[T](cost: int, work: Callable[[], T]) -> T:
    return offload_rendering(work) if cost > OFFLOAD_FROM else work()


_lock = threading.Lock()
# By the reply's key, for as long as somebody has it.
_shared: WeakValueDictionary[int, GrowingHtml] = WeakValueDictionary()


def share_html(reply: FollowedReply) -> GrowingHtml:
    """Return the one that all in this process share who follow this reply."""
    with _lock:
        html = _shared.get(reply.pk)
        if html is None or html.reply is not reply:
            html = _shared[reply.pk] = GrowingHtml(reply)
        return html
