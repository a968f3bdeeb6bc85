"""The replies that are being written right now: append to one, follow one, stop one.

This is the seam between the process that writes a reply and those that show it. Here both are one
process, and a reply is an object in its memory; nothing outside this module knows that.
"""

import functools
import threading
import time
import uuid
from collections.abc import Callable

from conversations.model_api import Cancellation
from conversations.models import Message
from conversations.rendering import BlockStream
from conversations.rendering.html_diff import Patch
from conversations.rendering.patches import PatchCursor
from conversations.services.replies.highlighting import ReplyHighlighting
from conversations.services.replies.renderings import offload_rendering

# Names this life of this process; what an earlier life left unfinished is told by another name.
BOOT_ID = uuid.uuid4().hex

# Rendering may take this share of the time: a long open block is rendered less often rather than at
# any cost.
RENDERING_SHARE = 0.1

# Rendering that may make more HTML than this, in characters, would hold up all other streams: it is
# done in a thread.
OFFLOAD_FROM = 20_000


class LiveReply:
    """One reply being written. Everything public may be called from any thread."""

    def __init__(self, message: Message) -> None:
        self.pk = message.pk
        self._conversation_id = message.conversation_id
        self.owner_id = message.conversation.owner_id
        self.cancellation = Cancellation()
        self.ended_as = Message.Status.COMPLETE
        self._pieces: list[str] = []
        self._thoughts: list[str] = []
        self.highlighting = ReplyHighlighting(self.owner_id, self._notify)
        self._blocks = BlockStream(prefix=f"m{self.pk}")
        self._rendered = 0
        self._render_next = 0.0
        # Whether the call to the model is over: what is left is to save it.
        self.is_written = False
        self._done = False
        self._unsaved = False
        self._changed = threading.Condition()
        # Apart from it: whoever appends doesn't wait until something is rendered.
        self._rendering = threading.Lock()

    def belongs_to(self, owner_id: int | None, conversation_id: uuid.UUID) -> bool:
        """Whether it is this user's, in this conversation: known without asking the database."""
        return self.owner_id == owner_id and self._conversation_id == conversation_id

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    @property
    def reasoning(self) -> str:
        return "".join(self._thoughts)

    def reasoning_after(self, seen: int) -> tuple[str, int]:
        """What was thought after so many pieces, and how many pieces there are."""
        thoughts = self._thoughts[seen:]
        return "".join(thoughts), seen + len(thoughts)

    @property
    def size(self) -> int:
        """Grows with every piece: a cheap way to see whether there is more."""
        return len(self._pieces) + len(self._thoughts)

    @property
    def done(self) -> bool:
        return self._done

    @property
    def unsaved(self) -> bool:
        """Whether all of it is there but the database, which can't take it yet."""
        return self._unsaved

    def append(self, piece: str, thought: str = "") -> None:
        with self._changed:
            if piece:
                self._pieces.append(piece)
            if thought:
                self._thoughts.append(thought)
            self._changed.notify_all()

    def mark_unsaved(self) -> None:
        with self._changed:
            self._unsaved = True
            self._changed.notify_all()

    def finish(self) -> None:
        """Said once the reply is saved: who follows reads the rest from the database."""
        with self._changed:
            self._done = True
            self._changed.notify_all()

    def cancel(self, status: Message.Status) -> None:
        """Ends the call to the model at once; the reply keeps its text and gets this status."""
        self.ended_as = status
        self.cancellation.cancel()

    def wait_done(self, timeout: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._done, timeout)

    def wait_written(self, timeout: float) -> bool:
        """Waits until it is done, or would be if the database took it."""
        with self._changed:
            return self._changed.wait_for(lambda: self._done or self._unsaved, timeout)

    def wait_for_more(
        self,
        seen: int,
        timeout: float,
        *,
        unsaved: bool = False,
        interrupted: Callable[[], bool] = bool,
    ) -> bool:
        """Waits until there is more than what `seen` counts, or the reply is done, or can't be
        saved and the caller doesn't know, or `wake` is called and `interrupted()` holds; False
        when time runs out.
        """

        def is_over() -> bool:
            return self._done or self._available > seen or self._unsaved > unsaved or interrupted()

        with self._changed:
            return self._changed.wait_for(is_over, timeout)

    def wake(self) -> None:
        """Has everybody who waits look again."""
        with self._changed:
            self._changed.notify_all()

    def advance(self, cursor: PatchCursor) -> tuple[list[Patch], int]:
        """What a reader at `cursor` hasn't been sent of the text, and how much there is in all:
        thoughts, which are asked for afterwards, are counted.

        Rendered once, however many follow.
        """
        with self._rendering:
            started = time.monotonic()
            if self._shown < self._available and started >= self._render_next:
                self._render()
                took = time.monotonic() - started
                self._render_next = started + took / RENDERING_SHARE
            compare = functools.partial(cursor.advance, self._blocks)
            return _offload_heavy(cursor.estimate_cost(self._blocks), compare), self._shown

    def _render(self) -> None:
        pieces = self._pieces[self._rendered :]
        self._rendered += len(pieces)
        text = "".join(pieces)
        feed = functools.partial(self._blocks.feed, text)
        _offload_heavy(self._blocks.estimate_cost(text), feed)
        self.highlighting.update(self._blocks)
        # The stream renders when it is read; read here, so that its time counts.
        _offload_heavy(self._blocks.estimate_cost(""), lambda: self._blocks.live)

    @property
    def _available(self) -> int:
        """Pieces of text and thoughts, and of code that has got its colours."""
        return self.size + self.highlighting.arrivals

    @property
    def _shown(self) -> int:
        """How many of them have been rendered, as thoughts need not be."""
        return self._rendered + len(self._thoughts) + self.highlighting.applied

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def rest(self) -> float:
        """Seconds until rendering again stays within its share of the time."""
        return max(0.0, self._render_next - time.monotonic())


def _offload_heavy[T](cost: int, work: Callable[[], T]) -> T:
    return offload_rendering(work) if cost > OFFLOAD_FROM else work()


_replies: dict[int, LiveReply] = {}


def open_reply(message: Message) -> LiveReply:
    reply = _replies[message.pk] = LiveReply(message)
    return reply


def close_reply(reply: LiveReply) -> None:
    _replies.pop(reply.pk, None)
    reply.finish()


def get(pk: int) -> LiveReply | None:
    return _replies.get(pk)


def running() -> list[LiveReply]:
    return list(_replies.values())


def of_owner(owner_id: int) -> list[LiveReply]:
    return [reply for reply in running() if reply.owner_id == owner_id]
