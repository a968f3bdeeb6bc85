"""SQLite's write lock in the hands of another process: who waits, for how long, and who doesn't."""

import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from chatsite.accounts.models import User
from chatsite.core import lock_wait
from chatsite.core.database_errors import Outage, outage_of
from tests.server.outages import locked_database

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite: one writer"),
    pytest.mark.django_db(transaction=True),
]


def rename(alice: User) -> int:
    return User.objects.filter(pk=alice.pk).update(username="alison")


def test_who_reads_does_not_wait(alice: User) -> None:
    with locked_database(), lock_wait.at_most(0):
        assert User.objects.get() == alice


def test_who_writes_waits_until_the_lock_is_let_go(alice: User) -> None:
    lock = locked_database()
    lock.__enter__()
    release = threading.Timer(0.2, lock.__exit__, (None, None, None))
    release.start()
    with transaction.atomic():
        assert rename(alice) == 1
    release.join()


def test_a_statement_of_its_own_waits_too(alice: User) -> None:
    lock = locked_database()
    lock.__enter__()
    release = threading.Timer(0.2, lock.__exit__, (None, None, None))
    release.start()
    assert rename(alice) == 1
    release.join()


def test_who_has_waited_for_long_enough_is_told_why(alice: User) -> None:
    with locked_database(), lock_wait.at_most(0.2), pytest.raises(OperationalError) as raised:
        rename(alice)
    assert outage_of(raised.value) == Outage.LOCKED


def test_a_connection_that_gave_up_works_again_afterwards(alice: User) -> None:
    with locked_database(), lock_wait.at_most(0), pytest.raises(OperationalError):
        rename(alice)
    assert rename(alice) == 1


def test_the_library_itself_is_told_not_to_wait() -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (0,)


def test_a_queue_of_writers_waits_once_not_each_in_turn(alice: User) -> None:
    with locked_database(), lock_wait.at_most(1):
        began = time.monotonic()
        for _ in range(5):
            with pytest.raises(OperationalError):
                rename(alice)
        # Five seconds where each waits; the figure is far from either.
        assert time.monotonic() - began < 3


GREENLETS = """
from gevent import monkey
monkey.patch_all()
import django
django.setup()
import sys, time
import gevent
from django.db import connection, transaction
from chatsite.core import lock_wait

beats = []
def beat():
    while True:
        beats.append(time.monotonic())
        gevent.sleep(0.01)

def write():
    with lock_wait.at_most(1):
        try:
            with transaction.atomic():
                pass
        except Exception as error:
            return type(error).__name__

gevent.spawn(beat)
gevent.sleep(0)
writers = [gevent.spawn(write) for _ in range(3)]
gevent.joinall(writers)
print({writer.value for writer in writers}, len(beats) > 20)
"""


def test_while_greenlets_wait_the_others_go_on(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
    with locked_database(path):
        printed = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", GREENLETS],
            env={"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "chatsite.settings"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    assert printed == "{'OperationalError'} True\n"
