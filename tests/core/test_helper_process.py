"""A helper process that is killed when it takes too long, and replaced."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatsite.core.helper_process import (
    HelperCrashedError,
    HelperProcess,
    HelperTimeoutError,
    HelperUnavailableError,
)
from tests.waiting import wait_until

type Make = Callable[..., HelperProcess]

LONG = 30.0  # seconds, for what is quick on an idle machine
SCRIPT = """
import sys
from chatsite.core.helper_process import HelperProcess
helper = HelperProcess("tests.core.helper_functions:loop", cpu_seconds=60)
helper.start()
print(helper.pid, flush=True)
helper.call(b"for ever", timeout=60)
"""
GEVENT = """
from gevent import monkey
monkey.patch_all()
import gevent
from chatsite.core.helper_process import HelperProcess, HelperTimeoutError
helper = HelperProcess("tests.core.helper_functions:loop")
turns = []
other = gevent.spawn(lambda: [turns.append(gevent.sleep(0.001)) for _ in range(50)])
for _ in range(2):
    try:
        helper.call(b"for ever", timeout=0.5)
    except HelperTimeoutError:
        print("killed")
print(len(turns), helper.call(b"", timeout=30))
helper.stop()
"""


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes helpers that end with the test."""
    made: list[HelperProcess] = []

    def make_helper(name: str, **limits: Any) -> HelperProcess:
        made.append(HelperProcess(f"tests.core.helper_functions:{name}", **limits))
        return made[-1]

    yield make_helper
    for helper in made:
        helper.stop()


def is_running(pid: int) -> bool:
    """Whether there is such a process; one that only waits to be reaped is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("request_", [b"", b"\x00x", b"x" * 1_000_000])
def test_a_helper_answers_requests_of_any_size(make: Make, request_: bytes) -> None:
    helper = make("echo")
    assert helper.call(request_, timeout=LONG) == request_


def test_one_process_answers_all_requests(make: Make) -> None:
    helper = make("identify")
    first = helper.call(b"", timeout=LONG)
    assert helper.call(b"", timeout=LONG) == first != str(os.getpid()).encode()


def test_a_helper_that_takes_too_long_is_killed(make: Make) -> None:
    helper = make("loop")
    helper.start()
    pid = helper.pid
    with pytest.raises(HelperTimeoutError):
        helper.call(b"for ever", timeout=0.05)
    assert pid
    assert not is_running(pid)


def test_a_killed_helper_is_replaced(make: Make) -> None:
    helper = make("loop")
    with pytest.raises(HelperTimeoutError):
        helper.call(b"for ever", timeout=0.05)
    assert helper.call(b"", timeout=LONG) == b"ended"


def test_a_helper_that_ends_is_replaced(make: Make) -> None:
    helper = make("end")
    for _ in range(2):
        with pytest.raises(HelperCrashedError, match="-11"):
            helper.call(b"", timeout=LONG)


def test_a_helper_may_not_take_more_than_its_memory(make: Make) -> None:
    helper = make("fill_memory", memory=2**28)
    with pytest.raises(HelperCrashedError):
        helper.call(b"fill", timeout=LONG)
    assert helper.call(b"", timeout=LONG) == b""


@pytest.mark.parametrize(
    "last_words", [b"", b"memory allocation of 9 bytes failed", b"what(): std::bad_alloc"]
)
def test_a_helper_that_aborts_for_want_of_memory_is_out_of_memory(
    make: Make, last_words: bytes
) -> None:
    assert find_crash(make("abort"), last_words).is_out_of_memory


@pytest.mark.parametrize(
    "last_words", [b"free(): invalid pointer", b"helper: a.c:9: Assertion `x' failed."]
)
def test_a_helper_that_aborts_for_another_reason_is_not(
    make: Make, last_words: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    assert not find_crash(make("abort"), last_words).is_out_of_memory
    assert last_words.decode() in capfd.readouterr().err


def test_a_helper_that_the_kernel_kills_is_out_of_memory(make: Make) -> None:
    assert find_crash(make("be_killed")).is_out_of_memory


def test_a_helper_that_is_killed_from_here_is_not(make: Make) -> None:
    helper = make("loop")
    helper.start()
    killer = threading.Timer(0.1, helper.kill)
    killer.start()
    assert not find_crash(helper, b"for ever").is_out_of_memory
    killer.join()


def test_a_helper_that_breaks_its_memory_is_not_out_of_it(make: Make) -> None:
    assert not find_crash(make("end")).is_out_of_memory


def test_a_helper_that_closes_its_line_and_stays_is_killed(make: Make) -> None:
    helper = make("close_line")
    helper.start()
    pid = helper.pid
    assert not find_crash(helper).is_out_of_memory
    assert pid
    assert not is_running(pid)


def find_crash(helper: HelperProcess, request: bytes = b"") -> HelperCrashedError:
    with pytest.raises(HelperCrashedError) as caught:
        helper.call(request, timeout=LONG)
    return caught.value


def test_an_answer_that_is_too_long_is_not_read(make: Make) -> None:
    assert not find_crash(make("answer_at_length", max_response=2**20)).is_out_of_memory


def test_what_a_helper_says_at_length_holds_it_up_for_nobody(make: Make) -> None:
    assert make("talk").call(b"", timeout=LONG) == b"said"


@pytest.mark.parametrize("cpu_seconds", [0.1, 1])
def test_the_kernel_ends_a_helper_that_takes_too_much_processor_time(
    make: Make, cpu_seconds: float
) -> None:
    helper = make("loop", cpu_seconds=cpu_seconds)
    with pytest.raises(HelperCrashedError, match=f"-{signal.SIGPROF}"):
        helper.call(b"for ever", timeout=LONG)


def test_a_function_that_turns_the_timer_off_is_ended_too(make: Make) -> None:
    helper = make("loop_without_timer", cpu_seconds=0.1)
    with pytest.raises(HelperCrashedError, match=f"-{signal.SIGXCPU}"):
        helper.call(b"for ever", timeout=LONG)


def test_the_limit_of_processor_time_is_raised_for_each_request(make: Make) -> None:
    helper = make("work", cpu_seconds=0.8)
    # In all more than the first one may take: 0.8 seconds, and two as the limit counts whole ones.
    assert {helper.call(b"0.3", timeout=LONG) for _ in range(10)} == {b"worked"}


def test_a_helper_knows_nothing_of_our_environment(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIMLAPI_API_KEY", "secret")
    *names, isolated = make("list_secrets").call(b"", timeout=LONG).split()
    assert isolated == b"1"
    assert b"AIMLAPI_API_KEY" not in names


def test_a_helper_without_its_function_is_unavailable(
    make: Make, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(HelperUnavailableError):
        make("nothing_of_that_name").call(b"", timeout=LONG)
    assert "nothing_of_that_name" in capfd.readouterr().err


def test_a_helper_without_an_interpreter_is_unavailable(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(HelperUnavailableError):
        make("echo").call(b"", timeout=LONG)


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux takes advice on whom to end")
def test_where_memory_runs_out_the_kernel_ends_the_helper_and_not_the_server(make: Make) -> None:
    helper = make("echo")
    helper.start()
    assert Path(f"/proc/{helper.pid}/oom_score_adj").read_text() == "1000\n"


@pytest.mark.skipif(sys.platform != "linux", reason="Only on Linux does it end with its parent")
def test_a_helper_that_loops_ends_with_its_parent() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, cwd=Path.cwd(), text=True
    )
    assert parent.stdout
    with parent:
        pid = int(parent.stdout.readline())
        parent.kill()
    wait_until(lambda: not is_running(pid), f"the end of process {pid}", 30)


def test_other_greenlets_go_on_while_a_helper_works() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GEVENT], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["killed", "killed", "50", "b'ended'"]
