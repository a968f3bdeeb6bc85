"""The channel that takes replies from the process that writes them to those that show them: publish
what the model says, follow it, cancel it.

This is the seam for several processes. Text crosses it, and no HTML: whoever follows makes that
(`growing_html.py`). `memory.py` is the channel where writer and followers are one process,
`redis.py` the one between several; nothing outside them knows how the words come.
"""

import functools
import uuid
from collections.abc import Callable
from typing import Protocol

from chatsite.jobs.processes import PROCESS
from chatsite.redis.link import get_link
from conversations.model_api import Cancellation
from conversations.models import Message

# Names this life of this process in the rows of the replies that it writes.
BOOT_ID = PROCESS.hex


class FollowedReply(Protocol):
    """A reply being written, as those see it who follow. May be used from any thread."""

    @property
    def pk(self) -> int: ...

    @property
    def owner_id(self) -> int | None: ...

    @property
    def is_json(self) -> bool:
        """Whether its text is shown as it is."""

    @property
    def done(self) -> bool:
        """Whether it is saved, or nobody writes it any more: the rest is in the database."""

    @property
    def unsaved(self) -> bool:
        """Whether all of it is there but the database, which can't take it yet."""

    @property
    def size(self) -> int:
        """How many pieces of text and of thinking have come: it grows with every one."""

    @property
    def length(self) -> int:
        """How many characters of text have come."""

    @property
    def reasoning_size(self) -> int:
        """How many of them are thinking."""

    def text_after(self, seen: int) -> tuple[str, int]:
        """Return the text after so many pieces of it, and how many pieces there are."""

    def reasoning_after(self, seen: int) -> tuple[str, int]:
        """Return the thinking after so many pieces of it, and how many pieces there are."""

    def belongs_to(self, owner_id: int | None, conversation_id: uuid.UUID) -> bool:
        """Whether it is this user's, in this conversation: known without asking the database."""

    def wait_for(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Wait until the condition holds, which is asked whenever something has changed; False when
        time runs out.
        """

    def wait_done(self, timeout: float) -> bool: ...

    def wake(self) -> None:
        """Have everybody who waits ask their condition again."""


class LiveReply(FollowedReply, Protocol):
    """A reply being written, in the process that writes it."""

    cancellation: Cancellation
    ended_as: Message.Status
    # Whether the call to the model is over: what is left is to save it.
    is_written: bool

    @property
    def text(self) -> str: ...

    @property
    def reasoning(self) -> str: ...

    def publish(self, text: str, reasoning: str = "") -> None:
        """Pass on what the model has said or thought now."""

    def cancel(self, status: Message.Status) -> None:
        """End the call to the model at once; the reply keeps its text and gets this status."""

    def mark_unsaved(self) -> None: ...

    def finish(self) -> None:
        """Say that the reply is saved: who follows reads the rest from the database."""

    def wait_written(self, timeout: float) -> bool:
        """Wait until it is done, or would be if the database took it."""


class ReplyChannel(Protocol):
    """Where live replies are found, by the key of their message."""

    def open_reply(self, message: Message) -> LiveReply: ...

    def close_reply(self, reply: LiveReply) -> None:
        """Finish it and forget it; twice does no harm."""

    def follow_reply(self, pk: int) -> FollowedReply | None:
        """Return the reply, the same object to all who follow it in this process; None when nobody
        writes it.
        """

    def cancel_reply(self, pk: int, status: Message.Status) -> FollowedReply | None:
        """Cancel the reply, whatever process writes it; None when nobody does."""

    def list_replies(self) -> list[LiveReply]:
        """Return what this process writes."""

    def cancel_replies_of(self, owner_id: int, status: Message.Status) -> None:
        """Cancel all replies of a user, whatever process writes them."""


@functools.cache
def get_channel() -> ReplyChannel:
    """Return the channel of this process."""
    # They implement what stands above; the library for Redis is imported only where it is used.
    if link := get_link():
        from conversations.services.replies.redis import RedisChannel

        return RedisChannel(link)
    from conversations.services.replies.memory import MemoryChannel

    return MemoryChannel()
