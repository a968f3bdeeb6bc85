"""A thread that works again and again."""

import threading

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from chatsite.jobs.periodic import PeriodicThread
from tests.logs import messages_of
from tests.waiting import wait_until

TIMEOUT = 10.0

# The thread closes its own connection.
pytestmark = pytest.mark.django_db(transaction=True)


class Counter(PeriodicThread):
    """Fails the first time; `is_done` at the third."""

    def __init__(self, *, every: float, first: float | None = None) -> None:
        super().__init__("counter", every=every, first=first)
        self.count = 0
        self.is_done = threading.Event()

    def work(self) -> None:
        self.count += 1
        if self.count == 1:
            raise RuntimeError("the database is away")
        if self.count == 3:
            self.is_done.set()


def test_it_works_again_and_again_also_after_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    counter = Counter(every=0.001)
    counter.start()
    assert counter.is_done.wait(TIMEOUT)
    counter.stop()
    assert messages_of(caplog, "chatsite.jobs") == ["counter failed; trying again"]


def test_the_first_time_may_be_earlier_than_the_others() -> None:
    counter = Counter(every=1000, first=0)
    counter.start()
    wait_until(lambda: counter.count, "its first time")
    counter.stop()
    assert counter.count == 1


class Reader(PeriodicThread):
    """Asks the database once."""

    def __init__(self) -> None:
        super().__init__("reader", every=1000, first=0)
        self.connection: BaseDatabaseWrapper | None = None

    def work(self) -> None:
        connection.ensure_connection()
        self.connection = connections[connection.alias]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")
def test_between_two_times_it_holds_no_connection() -> None:
    reader = Reader()
    reader.start()
    opened = wait_until(lambda: reader.connection, "its first time")
    wait_until(lambda: opened.connection is None, "the end of its connection")
    reader.stop()


def test_it_works_at_once_and_more_often_where_it_is_hastened() -> None:
    counter = Counter(every=1000)
    counter.start()
    counter.hasten(0.001)
    assert counter.is_done.wait(TIMEOUT)
    counter.stop()


def test_it_is_stopped_while_it_waits() -> None:
    counter = Counter(every=1000)
    counter.start()
    counter.stop()
    assert counter.count == 0
