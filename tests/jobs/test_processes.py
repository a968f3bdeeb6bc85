"""Which of several processes live, and which of them does a job."""

import fcntl
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F
from django.db.models.functions import Now

from chatsite.jobs import attempts, leases, processes
from chatsite.jobs.models import Attempt, CrashedItem, Lease, ServerProcess
from chatsite.jobs.processes import PROCESS
from chatsite.server import process_files
from tests.waiting import wait_until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]

JOB = "retention"


def make_process(*, silent_for: timedelta = timedelta()) -> uuid.UUID:
    """Make another process, which was heard of so long ago."""
    return ServerProcess.objects.create(pk=uuid.uuid4(), seen_at=Now() - silent_for).pk


class Clock:
    """Stands still unless it is set."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(processes, "time", clock)
    return clock


def test_a_process_lives_while_it_says_so() -> None:
    processes.say_alive()
    processes.say_alive()
    assert list(processes.list_living()) == [PROCESS]


def test_one_that_has_been_silent_for_long_is_dead() -> None:
    alive = make_process(silent_for=timedelta(seconds=10))
    make_process(silent_for=timedelta(seconds=40))
    assert list(processes.list_living()) == [alive]


def test_nobody_is_judged_by_a_process_that_was_not_heard_itself(clock: Clock) -> None:
    processes.say_alive()
    clock.now += 40
    # The database is back: others have not had the time to say that they live.
    silent = make_process(silent_for=timedelta(seconds=40))
    assert silent in processes.list_living()
    processes.say_alive()
    assert silent in processes.list_living()


def test_after_an_outage_who_stays_silent_is_dead(clock: Clock) -> None:
    processes.say_alive()
    clock.now += 40
    silent = make_process(silent_for=timedelta(seconds=40))
    for _ in range(4):
        processes.say_alive()
        clock.now += processes.INTERVAL
    assert silent not in processes.list_living()


def test_one_that_said_goodbye_is_not_waited_for() -> None:
    processes.say_alive()
    processes.say_goodbye()
    assert list(processes.list_living()) == []


def test_the_first_process_to_ask_has_the_lease() -> None:
    assert leases.hold_lease(JOB)
    assert leases.hold_lease(JOB)
    assert Lease.objects.get().holder == PROCESS


def test_nobody_takes_a_lease_from_a_process_that_lives() -> None:
    Lease.objects.create(job=JOB, holder=make_process())
    assert not leases.hold_lease(JOB)


def test_the_lease_of_a_dead_process_is_taken_over() -> None:
    Lease.objects.create(job=JOB, holder=make_process(silent_for=timedelta(minutes=1)))
    assert leases.hold_lease(JOB)
    assert Lease.objects.get().holder == PROCESS


def test_a_lease_that_was_released_is_anybody_s() -> None:
    leases.hold_lease(JOB)
    leases.release_leases()
    assert not Lease.objects.exists()


def test_what_a_living_process_is_at_is_no_crash() -> None:
    Attempt.objects.create(job=JOB, items=["one"], process=make_process())
    attempts.record_crashes()
    assert not CrashedItem.objects.exists()


def test_what_a_dead_process_was_at_is_a_crash() -> None:
    dead = make_process(silent_for=timedelta(minutes=1))
    Attempt.objects.create(job=JOB, items=["one"], process=dead)
    attempts.record_crashes()
    attempts.record_crashes()
    assert CrashedItem.objects.get().crashes == 1


def test_a_process_that_died_on_this_data_folder_is_struck_at_once() -> None:
    dead = make_process()
    path = process_files.make_path(dead)
    path.parent.mkdir(exist_ok=True)
    path.touch()
    process_files.strike_dead()
    assert not ServerProcess.objects.exists()
    assert not path.exists()


def test_a_process_that_lives_on_this_data_folder_stays() -> None:
    alive = make_process()
    path = process_files.make_path(alive)
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        process_files.strike_dead()
    assert ServerProcess.objects.get().pk == alive
    path.unlink()


def test_this_process_s_own_file_is_locked_until_it_ends() -> None:
    handle = process_files.lock_process_file()
    assert not process_files.is_unlocked(process_files.make_path(PROCESS))
    process_files.remove_process_file(handle)
    assert not process_files.make_path(PROCESS).exists()


def test_a_file_that_was_struck_before_it_was_locked_is_made_again() -> None:
    path = process_files.make_path(PROCESS)
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as file, ThreadPoolExecutor() as pool:
        fcntl.flock(file, fcntl.LOCK_EX)
        locking = pool.submit(process_files.lock_process_file)
        wait_until_somebody_waits(path)
        path.unlink()
        fcntl.flock(file, fcntl.LOCK_UN)
        handle = locking.result(10)
    assert path.exists()
    assert not process_files.is_unlocked(path)
    process_files.remove_process_file(handle)


def wait_until_somebody_waits(path: Path) -> None:
    waiting = re.compile(rf"-> FLOCK .*:{path.stat().st_ino} ")
    locks = Path("/proc/locks")
    wait_until(lambda: waiting.search(locks.read_text()), "one that waits", instead=locks.read_text)


def test_one_that_died_while_the_databases_clock_was_ahead_is_silent_from_now_on(
    clock: Clock,
) -> None:
    dead = make_process(silent_for=-timedelta(days=366))
    for _ in range(4):
        processes.say_alive()
        clock.now += processes.INTERVAL
    processes.say_alive()
    assert dead in processes.list_living()
    ServerProcess.objects.filter(pk=dead).update(seen_at=F("seen_at") - timedelta(seconds=40))
    assert list(processes.list_living()) == [PROCESS]
