"""A queue that is fair by user: the next item is that of the user who has had the least time."""

import threading
from collections import deque

# Nobody's are one user's.
type User = int | None


class FairQueue[T]:
    """Whoever makes the server work for long waits for those who don't; nobody saves up time.

    `get` hands out one item after another; `charge` says afterwards how long it took.
    """

    def __init__(self) -> None:
        self._items: dict[User, deque[T]] = {}
        self._spent: dict[User, float] = {}
        # What the user whose turn it was last had spent: who comes back begins from there.
        self._clock = 0.0
        self._changed = threading.Condition()
        self._is_closed = False

    def put(self, user: User, item: T) -> None:
        with self._changed:
            if user not in self._items:
                self._items[user] = deque()
                self._spent[user] = max(self._spent.get(user, 0.0), self._clock)
            self._items[user].append(item)
            self._changed.notify()

    def get(self) -> tuple[User, T] | None:
        """Wait for the next item; return whose it is, and it. None once the queue is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._is_closed)
            if self._is_closed:
                return None
            user = min(self._items, key=self._spent.__getitem__)
            self._clock = self._spent[user]
            items = self._items[user]
            item = items.popleft()
            if not items:
                del self._items[user]
            return user, item

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def charge(self, user: User, seconds: float) -> None:
        """Count time that was spent on a user's item."""
        with self._changed:
            self._spent[user] = self._spent.get(user, self._clock) + seconds
            self._spent = {
                user: spent
                for user, spent in self._spent.items()
                if spent > self._clock or user in self._items
            }
