"""The colours of a reply's code: asked for while it is written, shown and saved when they come.

Code is highlighted while its reply is written, and never again: what has failed stays plain, and
no view, no restart and no other process tries it a second time.
"""

import functools
import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from chatsite.core.connections import release_connection
from chatsite.core.offload import offload
from conversations import rendering
from conversations.highlighting.highlighter import (
    HighlightBudget,
    Highlighter,
    HighlightRequest,
    Runs,
)
from conversations.models import Message
from conversations.rendering import BlockStream
from conversations.rendering.code_blocks import (
    Code,
    find_code,
    insert_highlighted,
    is_code_block,
    to_html,
)
from conversations.services.replies import renderings

logger = logging.getLogger(__name__)

MAX_HTML = 1_000_000
"""Characters of highlighted code in a reply; what comes later stays plain."""


_lock = threading.Lock()
_highlighter: Highlighter | None = None


def start_highlighter() -> Highlighter:
    """Return the one of this process; the first call starts it."""
    global _highlighter
    with _lock:
        if _highlighter is None:
            _highlighter = Highlighter(block_timeout=settings.HIGHLIGHT_BLOCK_TIMEOUT)
        return _highlighter


def is_highlighter_running() -> bool:
    return _highlighter is not None


def stop_highlighter() -> None:
    """End it, if it was started."""
    global _highlighter
    with _lock:
        ended, _highlighter = _highlighter, None
    if ended:
        ended.stop()


class ReplyHighlighting:
    """What is known of the code of one reply. May be used from any thread.

    `on_arrival` is called, in another thread, whenever `arrivals` has grown.
    """

    def __init__(self, user: int | None, on_arrival: Callable[[], None]) -> None:
        self._user = user
        self._on_arrival = on_arrival
        self._budget = HighlightBudget(settings.HIGHLIGHT_REPLY_TIMEOUT)
        self._asked: set[Code] = set()
        self._pending: set[Code] = set()
        self._highlighted: dict[Code, str] = {}
        self._size = 0
        self._arrived: list[Code] = []
        self._changed = threading.Condition()
        # Of the stream: how many blocks, and how many arrivals, were looked at; code by its block.
        self._blocks = 0
        self.applied = 0
        self._places: defaultdict[Code, list[int]] = defaultdict(list)

    @property
    def arrivals(self) -> int:
        """How many pieces of code have got their colours."""
        return len(self._arrived)

    def request(self, html: str) -> None:
        """Have the code of rendered HTML highlighted, unless that was tried before."""
        with self._changed:
            new = [code for code in find_code(html) if code not in self._asked]
            self._asked.update(new)
            self._pending.update(new)
        for code in new:
            deliver = functools.partial(self._deliver, code)
            block = HighlightRequest(code.language, code.text, self._budget, deliver)
            start_highlighter().submit(self._user, block)

    def insert(self, html: str) -> str:
        """Return the HTML with the colours that are known by now."""
        return insert_highlighted(html, self._highlighted)

    def wait(self, timeout: float) -> bool:
        """Wait until nothing is pending; False when time runs out."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._pending, timeout)

    def end(self) -> None:
        """Give up what is pending: nobody would see it."""
        self._budget.left = 0

    def update(self, blocks: BlockStream) -> None:
        """Request what has been finished in the stream, and give it the colours that came since.

        Code in a list or a quotation gets them with the finished article only.
        """
        for index in range(self._blocks, len(blocks.finished)):
            html = blocks.finished[index]
            self.request(html)
            if is_code_block(html):
                self._places[find_code(html)[0]].append(index)
        self._blocks = len(blocks.finished)
        arrived = self._arrived[self.applied :]
        self.applied += len(arrived)
        for code in arrived:
            for index in self._places.pop(code, ()):
                blocks.replace(index, self.insert(blocks.finished[index]))

    def _deliver(self, code: Code, runs: Runs | None) -> None:
        html = self._render(code, runs) if runs else None
        with self._changed:
            self._pending.discard(code)
            self._size += len(html or "")
            if html and self._size <= MAX_HTML:
                self._highlighted[code] = html
                self._arrived.append(code)
            self._changed.notify_all()
        self._on_arrival()

    def _render(self, code: Code, runs: Runs) -> str | None:
        is_long = len(code.html) > renderings.OFFLOAD_FROM
        return offload(to_html, code, runs) if is_long else to_html(code, runs)


def highlight_saved(
    pk: int, highlighting: ReplyHighlighting, html: str, finished_at: datetime | None = None
) -> None:
    """Save a reply's HTML again with the colours that were missing when it was saved first, unless
    it has been continued since.

    It is safe by then, so whatever goes wrong changes nothing.
    """
    known = highlighting.arrivals
    try:
        highlighting.request(html)
        release_connection()
        highlighting.wait(settings.HIGHLIGHT_REPLY_TIMEOUT)
        highlighting.end()
        if highlighting.arrivals > known:
            saved = Message.objects.filter(
                pk=pk, html_version=rendering.VERSION, finished_at=finished_at
            )
            saved.update(html=highlighting.insert(html))
    except Exception:
        logger.exception("the code of reply %s stays plain", pk)
