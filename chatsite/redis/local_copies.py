"""Copies of what is asked for on every page and hardly ever changes, such as policies: each process
keeps one in its memory, and who changes the original tells the others.

A round trip to Redis for each page would cost as much as a query. What is told may get lost, so a
copy is kept for a moment only.
"""

from collections.abc import Callable
from functools import partial
from typing import cast

from django.core.cache import caches
from django.db import transaction

from chatsite.redis.link import tell_others

# Seconds.
KEPT = 5

# The kind of notice that has other processes forget theirs.
FORGET = "local_copies.forget"


def get_copy[T](key: str, read: Callable[[], T]) -> T:
    """Return this process's copy; `read` makes one where there is none."""
    copies = caches["local"]
    copy = copies.get(key)
    if copy is None:
        copy = read()
        copies.set(key, copy, KEPT)
    return cast("T", copy)


def forget_copy(key: str) -> None:
    """The original has changed: forget it here at once, and everywhere when the transaction is
    through.
    """
    forget_own_copy(key)
    transaction.on_commit(partial(_forget_everywhere, key))


def forget_own_copy(key: str) -> None:
    caches["local"].delete(key)


def _forget_everywhere(key: str) -> None:
    # Somebody may have read the one from before meanwhile.
    forget_own_copy(key)
    tell_others(FORGET, key=key)
