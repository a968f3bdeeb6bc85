"""Transactions that cross on PostgreSQL, at the very moment that matters."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from tests.services.writing import TIMEOUT
from tests.waiting import wait_until

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")


def amid[T](change: Callable[[], object], act: Callable[[], T]) -> T:
    """What `act` returns when it begins after a change was made, and before that is committed."""
    pids: list[int] = []
    began = threading.Event()

    def acting() -> T:
        try:
            with connection.cursor() as cursor:
                pids.append(cursor.connection.info.backend_pid)
            began.set()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            change()
            future = pool.submit(acting)
            assert began.wait(TIMEOUT)
            wait_until_blocked(pids[0], future)
        return future.result(TIMEOUT)


def wait_until_blocked[T](pid: int, future: Future[T]) -> None:
    """Until it waits for another transaction, or has come through without."""
    with connection.cursor() as cursor:
        wait_until(
            lambda: future.done() or is_blocked(pid, cursor), "one that waits or has come through"
        )


def is_blocked(pid: int, cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [pid])
    return bool(cursor.fetchone()[0])
