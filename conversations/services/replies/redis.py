"""The channel between several processes: what one writes goes to a stream of Redis, and who follows
it in another process has a buffer that is filled from there.

An entry carries the text since the last one and where it begins, so that nothing is taken twice and
a gap is noticed: then all of it is asked for again. The first entry of a stream, and every one
after a hundred others, carries everything from the beginning, and what came before it is
trimmed away. Nothing here is kept: the database has the text, two seconds old at most, and a
follower whom nobody tells the end of a reply reads it there.
"""

import threading
import uuid
import weakref
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from redis import RedisError
from redis.client import Pipeline

from chatsite.redis import client
from chatsite.redis.connected import Link
from chatsite.redis.flusher import Flusher
from chatsite.redis.link import GAP
from chatsite.redis.reader import Fields
from conversations.models import Message
from conversations.services.replies.channel import FollowedReply, LiveReply
from conversations.services.replies.memory import MemoryChannel, MemoryReply, ReplyBuffer

# Entries after which one with everything follows.
LENGTH = 100
# Seconds that a stream stays: without an entry, and after the last one. Longer than a model may be
# silent; of a process that died nothing is left for long.
KEPT = 900
KEPT_AFTER_END = 60
# Tries, a second apart, after which the end of a reply is not told any more: its text would be kept
# in memory for as long as Redis is away.
MOST_LOSSES = 60

CANCEL, CANCEL_ALL, REPEAT = "reply.cancel", "reply.cancel_all", "reply.repeat"


def name_stream(pk: int) -> str:
    return client.make_key(f"reply:{pk}")


class PublishedReply(MemoryReply):
    """A reply that this process writes: those who follow it here have it from memory."""

    def __init__(self, message: Message, flusher: Flusher) -> None:
        super().__init__(message)
        self._flusher = flusher
        # One that is continued is another reply with the same key.
        self._life = uuid.uuid4().hex
        self._text_written = self._reasoning_written = 0  # pieces
        self._text_end = self._reasoning_end = 0  # characters
        self._is_whole_wanted = True
        self._entries = self._losses = 0
        self._has_words = False
        flusher.request(self, at_once=True)

    def publish(self, text: str, reasoning: str = "") -> None:
        super().publish(text, reasoning)
        # The first word is what people wait for.
        self._flusher.request(self, at_once=not self._has_words)
        self._has_words = True

    def mark_unsaved(self) -> None:
        super().mark_unsaved()
        self._flusher.request(self, at_once=True)

    def finish(self) -> None:
        super().finish()
        self._flusher.request(self, at_once=True)

    def write_whole(self) -> None:
        """Have everything written again: somebody has missed a part."""
        self._is_whole_wanted = True
        self._flusher.request(self, at_once=True)

    def mark_lost(self) -> None:
        """Next time everything is written, as nobody knows what has come of it."""
        self._is_whole_wanted = True
        self._losses += 1
        if self._losses <= MOST_LOSSES or not self.done:
            self._flusher.request(self)

    def write(self, pipe: Pipeline) -> None:
        """Called by the flusher's thread alone."""
        key, is_done = name_stream(self.pk), self.done
        is_whole = self._is_whole_wanted or self._entries >= LENGTH
        if is_whole:
            self._is_whole_wanted = False
            self._text_written = self._reasoning_written = self._entries = 0
            self._text_end = self._reasoning_end = 0
        text, self._text_written = self.text_after(self._text_written)
        reasoning, self._reasoning_written = self.reasoning_after(self._reasoning_written)
        fields: dict[Any, Any] = {
            "life": self._life,
            "text_at": self._text_end,
            "text": text.encode("utf-8", "surrogatepass"),
            "reasoning_at": self._reasoning_end,
            "reasoning": reasoning.encode("utf-8", "surrogatepass"),
        }
        self._text_end += len(text)
        self._reasoning_end += len(reasoning)
        if is_whole:
            owner_id = "" if self.owner_id is None else self.owner_id
            fields |= {"owner": owner_id, "conversation": self.conversation_id.hex}
            if self.is_json:
                fields["json"] = 1
        if is_done:
            fields["done"] = 1
        elif self.unsaved:
            fields["unsaved"] = 1
        # All before an entry that has everything goes.
        pipe.xadd(key, fields, maxlen=1 if is_whole else None, approximate=False)
        self._entries += 1
        if is_whole or is_done:
            pipe.expire(key, KEPT_AFTER_END if is_done else KEPT)


class RemoteReply(ReplyBuffer):
    """A reply that another process writes. What comes is received by one thread."""

    def __init__(self, pk: int, first: Fields) -> None:
        owner_id = int(first[b"owner"]) if first[b"owner"] else None
        conversation_id = uuid.UUID(first[b"conversation"].decode())
        super().__init__(pk, owner_id, conversation_id, is_json=b"json" in first)
        self._life = first[b"life"]
        self._reasoning_length = 0  # characters

    def receive(self, fields: Fields) -> bool:
        """Take what is new of an entry; False when something before it is missing."""
        if fields[b"life"] != self._life:
            # The reply was continued: this part of its life is over.
            self.finish()
            return True
        text = cut_known(fields, b"text", self.length)
        reasoning = cut_known(fields, b"reasoning", self._reasoning_length)
        if text is None or reasoning is None:
            return False
        self._reasoning_length += len(reasoning)
        self.publish(text, reasoning)
        if b"done" in fields:
            self.finish()
        elif b"unsaved" in fields and not self.unsaved:
            self.mark_unsaved()
        return True


def cut_known(fields: Fields, name: bytes, known: int) -> str | None:
    """Return what an entry has beyond so many characters; None when it begins after them."""
    begin = int(fields[name + b"_at"])
    if begin > known:
        return None
    return fields[name].decode("utf-8", "surrogatepass")[known - begin :]


class RedisChannel(MemoryChannel):
    """The live replies of this process, as in memory, and those of all others."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self._link = link
        self._lock = threading.Lock()
        # By the key of the message, for as long as somebody in this process follows.
        self._remote: WeakValueDictionary[int, RemoteReply] = WeakValueDictionary()
        link.bus.on(CANCEL, self._cancel_own)
        link.bus.on(CANCEL_ALL, self._cancel_own_of)
        link.bus.on(REPEAT, self._repeat)
        link.bus.on(GAP, self._ask_for_all)

    def _make_reply(self, message: Message) -> LiveReply:
        return PublishedReply(message, self._link.flusher)

    def follow_reply(self, pk: int) -> FollowedReply | None:
        return super().follow_reply(pk) or self._follow_remote(pk)

    def cancel_reply(self, pk: int, status: Message.Status) -> FollowedReply | None:
        if reply := super().cancel_reply(pk, status):
            return reply
        if remote := self._follow_remote(pk):
            self._link.bus.tell(CANCEL, pk=pk, status=status)
        return remote

    def cancel_replies_of(self, owner_id: int, status: Message.Status) -> None:
        super().cancel_replies_of(owner_id, status)
        self._link.bus.tell(CANCEL_ALL, owner_id=owner_id, status=status)

    def _follow_remote(self, pk: int) -> RemoteReply | None:
        """None also while Redis is away: who follows reads the database meanwhile."""
        with self._lock:
            reply = self._remote.get(pk)
            if reply and not reply.done:
                return reply
        try:
            entries: Any = client.get_client().xrange(name_stream(pk))
        except RedisError:
            return None
        if not entries or b"done" in entries[-1][1]:
            return None
        if b"owner" not in entries[0][1]:
            # Redis was emptied in between. Who asks again finds everything.
            self._link.bus.tell(REPEAT, pk=pk)
            return None
        with self._lock:
            # Another thread may have been quicker.
            reply = self._remote.get(pk)
            if reply and not reply.done:
                return reply
            reply = self._remote[pk] = RemoteReply(pk, entries[0][1])
            for _entry_id, fields in entries:
                reply.receive(fields)
            self._keep_receiving(reply, entries[-1][0])
        return reply

    def _keep_receiving(self, reply: RemoteReply, after: bytes) -> None:
        # The reader doesn't keep the reply: it is followed for as long as somebody has it.
        reference, key = weakref.ref(reply), name_stream(reply.pk)

        def receive(fields: Fields) -> None:
            if (followed := reference()) and not followed.receive(fields):
                self._link.bus.tell(REPEAT, pk=followed.pk)

        self._link.reader.follow(key, receive, after)
        weakref.finalize(reply, partial(self._link.reader.unfollow, key, receive))

    def _cancel_own(self, pk: int, status: str) -> None:
        super().cancel_reply(pk, Message.Status(status))

    def _cancel_own_of(self, owner_id: int, status: str) -> None:
        super().cancel_replies_of(owner_id, Message.Status(status))

    def _repeat(self, pk: int) -> None:
        reply = self._replies.get(pk)
        if isinstance(reply, PublishedReply):
            reply.write_whole()

    def _ask_for_all(self) -> None:
        for pk, reply in list(self._remote.items()):
            if not reply.done:
                self._link.bus.tell(REPEAT, pk=pk)
