"""Work away from gevent's event loop, and what it has the loop do."""

import subprocess
import sys

from chatsite.core.offload import offload_with_io, run_in_event_loop
from tests.e2e.site import ROOT

GREENLETS = """
from gevent import monkey; monkey.patch_all()
import gevent
from gevent.monkey import get_original
import django
django.setup()
from chatsite.core.offload import offload_with_io, run_in_event_loop
ident = get_original("_thread", "get_ident")
home = ident()
def ask(error=None):
    gevent.sleep(0.001)
    if error:
        raise error
    return ident() == home
def work():
    try:
        run_in_event_loop(ask, KeyError("no"))
    except KeyError as error:
        return ident() == home, run_in_event_loop(ask), str(error)
jobs = [gevent.spawn(offload_with_io, work) for _ in range(50)]
gevent.joinall(jobs, raise_error=True)
print({job.value for job in jobs}, run_in_event_loop(ask))
"""

FAILING = """
from gevent import monkey; monkey.patch_all()
import django
django.setup()
from chatsite.core.offload import NAME
def fail():
    raise ValueError("no")
try:
    NAME(fail)
except ValueError as error:
    print(error)
"""


def test_without_gevent_both_are_calls() -> None:
    assert offload_with_io(lambda: run_in_event_loop(lambda: 3)) == 3


def test_what_is_offloaded_has_the_event_loop_use_its_sockets() -> None:
    result = subprocess.run(
        [sys.executable, "-c", GREENLETS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.stdout == "{(False, True, \"'no'\")} True\n", result.stderr


def test_what_fails_is_raised_and_nothing_printed() -> None:
    for name in ("offload", "offload_with_io"):
        result = subprocess.run(
            [sys.executable, "-c", FAILING.replace("NAME", name)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (result.stdout, result.stderr) == ("no\n", "")
