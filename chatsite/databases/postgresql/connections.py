"""Connections to PostgreSQL that notice when nobody answers any more.

A server that refuses connections is noticed at once. One that is cut off, or that hangs, is silent:
whoever waits for it would do so for as long as TCP does, many minutes.
"""

import time
from typing import Any, Self

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.errors import _WaitTimeout
from psycopg_pool import ConnectionPool

from chatsite.core import lock_wait

# Seconds: to answer to nothing at all; and to a statement of a request, slow ones included.
CHECK = 0.5
REQUEST = 30.0


class _Contact:
    """When the server was last heard of, and when it was last missed."""

    def __init__(self) -> None:
        self.heard = self.missed = float("-inf")

    def hear(self) -> None:
        self.heard = time.monotonic()

    def miss(self) -> None:
        self.missed = time.monotonic()

    def is_lost_since(self, began: float) -> bool:
        """Whether it was missed and has said nothing since `began`. Where it only gives no more
        connections, those that there are go round and hear of it.
        """
        return self.missed > self.heard and self.heard < began


contact = _Contact()


class TimedConnection(psycopg.Connection[Any]):
    """Closes itself when an answer takes too long: what is on the line then fits no question."""

    _seconds: float | None = None

    @classmethod
    def connect(cls, *args: Any, **kwargs: Any) -> Self:
        try:
            connection = super().connect(*args, **kwargs)
        except psycopg.Error:
            contact.miss()
            raise
        contact.hear()
        return connection

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        seconds = timeout or self._seconds
        if seconds is None and lock_wait.current_limit() <= lock_wait.REQUEST:
            seconds = REQUEST
        try:
            return super().wait(gen, interval, seconds)
        except _WaitTimeout:
            if timeout is None:
                contact.miss()
                self.pgconn.finish()
                raise psycopg.OperationalError(f"no answer within {seconds:g} seconds") from None
            raise

    def check(self) -> None:
        """Raises OperationalError unless the server answers at once."""
        self._seconds = CHECK
        try:
            ConnectionPool.check_connection(self)
        except psycopg.Error:
            contact.miss()
            raise
        finally:
            self._seconds = None
        contact.hear()


def check_connection(connection: TimedConnection) -> None:
    connection.check()
