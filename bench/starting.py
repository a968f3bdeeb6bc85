"""How long a site takes until it answers, started for the second time and later."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.processes import cpu_seconds
from bench.report import Row, median, s
from bench.stage import upstream
from tests.e2e.site import Site

TIMES = 5
TARGET = "≤ 2 s"


def rows() -> Iterator[Row]:
    # Compiled code is kept, whatever this machine's habit.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, upstream() as url:
        site = Site(Path(folder), url)
        started = [start_and_stop(site) for _ in range(TIMES + 1)]
    cold, *warm = started
    yield Row("start on an empty folder: until it answers", s(cold[0]))
    yield Row(
        "start, warm: until it answers / processor time, median",
        f"{s(median(taken for taken, _ in warm))} / {s(median(cpu for _, cpu in warm))}",
        target=TARGET,
    )


def start_and_stop(site: Site) -> tuple[float, float]:
    """Seconds until it answers, and of processor time by then."""
    began = time.perf_counter()
    site.start()
    taken = time.perf_counter() - began
    assert site.process
    cpu = cpu_seconds(site.process.pid)
    site.stop()
    return taken, cpu
