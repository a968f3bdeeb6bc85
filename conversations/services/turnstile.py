"""Lets only a few turns begin at a time, so that in a crowd the first are answered first.

Without it, fifty sends at once would all be saved, then all be sent to the model, then all be
followed: everybody would wait for everybody's share of the work. In turn, half of them have their
first word before half of the work is done.
"""

import functools
import threading
import time
from collections.abc import Callable

from django.db import connection

# SQLite takes one writer at a time anyway; on PostgreSQL a send may have to wait for a lock of its
# own user, and the others shouldn't wait with it.
PERMITS = {"sqlite": 1, "postgresql": 4}

_permits = threading.BoundedSemaphore(PERMITS[connection.vendor])


def in_turn[**P, T](work: Callable[P, T]) -> Callable[P, T]:
    @functools.wraps(work)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        with _permits:
            # Those who are through go on first.
            time.sleep(0)
            return work(*args, **kwargs)

    return wrapper
