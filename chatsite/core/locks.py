"""Locks, and transactions that crossed another one and are done again.

On PostgreSQL whoever deletes may find at the end that somebody has just added to what they have
deleted, whoever adds that it was just deleted, or each of the two that it waits for the other. The
database ends one of them; done again, it finds things as the other has left them. SQLite has one
writer at a time and knows neither.
"""

import functools
from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, connection
from psycopg.errors import DeadlockDetected

TRIES = 3


def retry_on_conflict[**P, T](function: Callable[P, T]) -> Callable[P, T]:
    """Repeat at once a function that is one transaction of its own, if it met another one.

    For what is busy or away, `server.startup.retries` and `model_api.retry_policy` wait instead.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(TRIES - 1):
            try:
                return function(*args, **kwargs)
            except DatabaseError as error:
                # Within somebody else's transaction, that one is lost.
                if connection.in_atomic_block or not is_conflict(error):
                    raise
        return function(*args, **kwargs)

    return wrapper


def is_conflict(error: DatabaseError) -> bool:
    return isinstance(error, IntegrityError) or isinstance(error.__cause__, DeadlockDetected)


def lock_name(name: str) -> None:
    """Have the transactions that take this name wait for each other, where there is no row that
    each of them would lock. Taken before any row.

    On SQLite, BEGIN IMMEDIATE does the same.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


def lock_user(user_id: int) -> None:
    """Have the transactions about one user wait for each other, so that limits hold.

    On SQLite, BEGIN IMMEDIATE does the same.
    """
    if connection.features.has_select_for_update:
        get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=user_id)
