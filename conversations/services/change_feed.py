"""The change feed: wakes a user's pages when something in their list of conversations has changed.

That something did crosses it, and not what: its followers read that from the database, so that a
change that is missed or told twice does no harm. Other processes are told by Redis
(`chatsite/redis`), as they are of what replies say (`replies/channel.py`).
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import transaction

from chatsite.redis.link import tell_others

# Seconds.
SETTLING = 0.2


class ChangeFollower:
    """One who is told of a user's changes. `list_changes` counts those of what is listed and how:
    others are of replies, which begin, end and are seen.
    """

    def __init__(self) -> None:
        self.list_changes = 0
        self._changed = threading.Event()

    def wake(self, *, is_list: bool = False) -> None:
        self.list_changes += is_list
        self._changed.set()

    def wait(self, timeout: float) -> bool:
        """Return whether something has changed since the last call, or does within `timeout`
        seconds.
        """
        has_changed = self._changed.wait(timeout)
        if has_changed:
            # What follows at once is told with it: a reply that ends is seen a moment later.
            time.sleep(SETTLING)
        self._changed.clear()
        return has_changed


class ChangeFeed:
    """Who follows whose changes in this process. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._followers: dict[int, list[ChangeFollower]] = {}

    @contextmanager
    def follow(self, user_id: int) -> Iterator[ChangeFollower]:
        follower = ChangeFollower()
        with self._lock:
            self._followers.setdefault(user_id, []).append(follower)
        try:
            yield follower
        finally:
            with self._lock:
                followers = self._followers[user_id]
                followers.remove(follower)
                if not followers:
                    del self._followers[user_id]

    def publish(self, user_id: int, *, is_list: bool) -> None:
        with self._lock:
            followers = list(self._followers.get(user_id, ()))
        for follower in followers:
            follower.wake(is_list=is_list)

    def publish_to_all(self) -> None:
        """Wake everybody: changes may have been missed."""
        with self._lock:
            user_ids = list(self._followers)
        for user_id in user_ids:
            self.publish(user_id, is_list=True)


feed = ChangeFeed()

# The kind of notice that tells other processes.
CHANGE = "conversations.changed"


def publish_change(user_id: int | None, *, is_list: bool = True) -> None:
    """Tell a user's pages, once the transaction is through; nobody's are told nothing.

    `is_list`: what is listed changes, and not only whether a reply runs or was seen.
    """
    if user_id is not None:
        transaction.on_commit(partial(publish_everywhere, user_id, is_list=is_list))


def publish_everywhere(user_id: int, *, is_list: bool) -> None:
    feed.publish(user_id, is_list=is_list)
    tell_others(CHANGE, user_id=user_id, is_list=is_list)
