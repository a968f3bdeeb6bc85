"""Which titles are awaited, and the few threads that ask for them.

All of it is in memory: after the end of the process the first words of a conversation stay its
title.
"""

import contextlib
import logging
import threading
import uuid
from collections import deque
from collections.abc import Callable, Sequence

from django.conf import settings
from django.db import connection

from conversations.model_api import ChatMessage
from conversations.models import Conversation, Message
from conversations.services.model_titles.awaited_title import AwaitedTitle
from conversations.services.model_titles.writing import write_title

logger = logging.getLogger(__name__)

# How many are asked for at once, and how many are awaited. Beyond, the first words stay.
THREADS = 16
LARGEST = 200
# Characters of the reply that are kept meanwhile.
BEGINNING = 2000


class TitlePool:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._awaited: dict[uuid.UUID, AwaitedTitle] = {}
        self._waiting: deque[AwaitedTitle] = deque()
        self._threads = 0
        self._is_closed = False

    def expect(self, title: AwaitedTitle) -> bool:
        """Have it found as awaited from now on; False where it isn't to be asked for."""
        with self._lock:
            is_taken = title.conversation_id in self._awaited or len(self._awaited) >= LARGEST
            if self._is_closed or is_taken:
                return False
            self._awaited[title.conversation_id] = title
            return True

    def ask(self, title: AwaitedTitle) -> None:
        """Have an expected title asked for in a thread, as soon as there is one."""
        with self._lock:
            self._waiting.append(title)
            if self._threads >= THREADS:
                return
            self._threads += 1
        try:
            threading.Thread(target=self._work, name="titles", daemon=True).start()
        except RuntimeError:
            # No more threads. Those that run will come to it; where none does, there is none.
            with self._lock:
                self._threads -= 1
                is_lost = not self._threads
            if is_lost:
                self.drop(lambda waiting: waiting is title)

    def find(self, conversation_id: uuid.UUID) -> AwaitedTitle | None:
        return self._awaited.get(conversation_id)

    def list_awaited(self) -> list[AwaitedTitle]:
        with self._lock:
            return list(self._awaited.values())

    def drop(self, is_meant: Callable[[AwaitedTitle], bool]) -> list[AwaitedTitle]:
        """End those that are meant, also while they are asked for; returns them."""
        dropped = [title for title in self.list_awaited() if is_meant(title)]
        for title in dropped:
            title.cancellation.cancel()
            with self._lock, contextlib.suppress(ValueError):
                self._waiting.remove(title)
                self._forget(title)
        return dropped

    def open(self) -> None:
        self._is_closed = False

    def close(self) -> list[AwaitedTitle]:
        """Take no more, and end those that are awaited; returns them."""
        with self._lock:
            self._is_closed = True
        return self.drop(lambda _title: True)

    def _work(self) -> None:
        while title := self._take():
            try:
                write_title(title)
            except Exception:
                logger.exception("the title of conversation %s broke", title.conversation_id)
            finally:
                connection.close()
                with self._lock:
                    self._forget(title)

    def _take(self) -> AwaitedTitle | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._threads -= 1
            return None

    def _forget(self, title: AwaitedTitle) -> None:
        self._awaited.pop(title.conversation_id, None)
        title.mark_done()


_pool = TitlePool()


def get_pool() -> TitlePool:
    """Return the pool of this process."""
    return _pool


def expect_title(
    message: Message, sent: Sequence[ChatMessage], text: str, *, status: Message.Status
) -> AwaitedTitle | None:
    """Have the title of a conversation awaited from now on, if this reply, to what was `sent`, is
    the first in it that said something; None if it isn't.
    """
    conversation = message.conversation
    # Of two replies that are compared either may: the pool takes one of a conversation, and a
    # title that was asked for isn't asked for again.
    is_first = not any(entry["role"] == "assistant" for entry in sent)
    is_ended = status == Message.Status.COMPLETE or bool(text.strip())
    is_named = conversation.title_source != Conversation.TitleSource.FIRST_MESSAGE
    if settings.TITLES != "model" or not is_first or not is_ended or is_named:
        return None
    if status == Message.Status.INTERRUPTED or conversation.owner_id is None:
        return None
    title = AwaitedTitle(
        conversation_id=conversation.pk,
        owner_id=conversation.owner_id,
        model=message.requested_model or conversation.model,
        reply_id=message.pk,
        beginning=text[:BEGINNING],
    )
    return title if _pool.expect(title) else None


def cancel_title(conversation_id: uuid.UUID) -> None:
    _pool.drop(lambda title: title.conversation_id == conversation_id)
