"""The channel within one process: a live reply is an object that its writer and all who follow it
share.

What is not about one process alone, the words of a reply and waiting for more of them, is
`ReplyBuffer`.
"""

import threading
import uuid
from collections.abc import Callable

from conversations.model_api import Cancellation
from conversations.models import Message
from conversations.services.replies.channel import FollowedReply, LiveReply


class ReplyBuffer:
    """The words of a reply as they come. Everything public may be called from any thread."""

    def __init__(
        self,
        pk: int,
        owner_id: int | None,
        conversation_id: uuid.UUID,
        *,
        text: str = "",
        reasoning: str = "",
        is_json: bool = False,
    ) -> None:
        self.pk = pk
        self.is_json = is_json
        self.owner_id = owner_id
        self.conversation_id = conversation_id
        # A reply that is continued begins with what there was.
        self._pieces = [text] if text else []
        self._length = len(text)
        self._thoughts = [reasoning] if reasoning else []
        self._done = threading.Event()
        self._unsaved = False
        self._changed = threading.Condition()

    def belongs_to(self, owner_id: int | None, conversation_id: uuid.UUID) -> bool:
        return self.owner_id == owner_id and self.conversation_id == conversation_id

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    @property
    def reasoning(self) -> str:
        return "".join(self._thoughts)

    @property
    def size(self) -> int:
        return len(self._pieces) + len(self._thoughts)

    @property
    def length(self) -> int:
        return self._length

    @property
    def reasoning_size(self) -> int:
        return len(self._thoughts)

    def text_after(self, seen: int) -> tuple[str, int]:
        return _join_after(self._pieces, seen)

    def reasoning_after(self, seen: int) -> tuple[str, int]:
        return _join_after(self._thoughts, seen)

    @property
    def done(self) -> bool:
        return self._done.is_set()

    @property
    def unsaved(self) -> bool:
        return self._unsaved

    def publish(self, text: str, reasoning: str = "") -> None:
        with self._changed:
            if text:
                self._pieces.append(text)
                self._length += len(text)
            if reasoning:
                self._thoughts.append(reasoning)
            self._changed.notify_all()

    def mark_unsaved(self) -> None:
        with self._changed:
            self._unsaved = True
            self._changed.notify_all()

    def finish(self) -> None:
        with self._changed:
            self._done.set()
            self._changed.notify_all()

    def wait_for(self, condition: Callable[[], bool], timeout: float) -> bool:
        with self._changed:
            return self._changed.wait_for(condition, timeout)

    def wait_done(self, timeout: float) -> bool:
        # Not woken by each word that comes meanwhile.
        return self._done.wait(timeout)

    def wait_written(self, timeout: float) -> bool:
        return self.wait_for(lambda: self.done or self._unsaved, timeout)

    def wake(self) -> None:
        with self._changed:
            self._changed.notify_all()


class MemoryReply(ReplyBuffer):
    """One reply being written by this process."""

    def __init__(self, message: Message) -> None:
        super().__init__(
            message.pk,
            message.conversation.owner_id,
            message.conversation_id,
            text=message.text,
            reasoning=message.reasoning,
            is_json=message.is_json,
        )
        self.cancellation = Cancellation()
        self.ended_as = Message.Status.COMPLETE
        self.is_written = False

    def cancel(self, status: Message.Status) -> None:
        self.ended_as = status
        self.cancellation.cancel()


def _join_after(pieces: list[str], seen: int) -> tuple[str, int]:
    new = pieces[seen:]
    return "".join(new), seen + len(new)


class MemoryChannel:
    """The live replies of this process, which are all there are."""

    def __init__(self) -> None:
        self._replies: dict[int, LiveReply] = {}

    def open_reply(self, message: Message) -> LiveReply:
        reply = self._replies[message.pk] = self._make_reply(message)
        return reply

    def _make_reply(self, message: Message) -> LiveReply:
        return MemoryReply(message)

    def close_reply(self, reply: LiveReply) -> None:
        # The reply may have been continued since it was saved: then another one is live.
        if self._replies.get(reply.pk) is reply:
            del self._replies[reply.pk]
        reply.finish()

    def follow_reply(self, pk: int) -> FollowedReply | None:
        return self._replies.get(pk)

    def cancel_reply(self, pk: int, status: Message.Status) -> FollowedReply | None:
        if reply := self._replies.get(pk):
            reply.cancel(status)
        return reply

    def cancel_replies_of(self, owner_id: int, status: Message.Status) -> None:
        for reply in self.list_replies():
            if reply.owner_id == owner_id:
                reply.cancel(status)

    def list_replies(self) -> list[LiveReply]:
        return list(self._replies.values())
