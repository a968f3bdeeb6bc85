"""Processor time a reply, and the first word, beside those of an earlier commit: waves of one and
of the other by turns, on the same machine and within the same minutes.

The earlier commit is checked out into a folder of its own and served from there, by the packages
that are installed.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import load, replies
from bench.processes import cpu_seconds
from bench.report import Row, median, ms, times
from bench.stage import stage
from tests.e2e.site import ROOT

BEFORE = "3afe4ce"
# What that needs and this one doesn't any more.
NEEDED = ("latex2mathml==3.81.1",)
CLIENTS = 50
ROUNDS = 4


def rows() -> Iterator[Row]:
    with ExitStack() as stack:
        root, packages = stack.enter_context(checked_out(BEFORE))
        places = {
            "now": stack.enter_context(stage()),
            "before": stack.enter_context(stage(root=root, PYTHONPATH=packages)),
        }
        people = {name: place.people(CLIENTS) for name, place in places.items()}
        for place in places.values():
            load.warm_up(place)
        cpu: dict[str, list[float]] = {name: [] for name in places}
        firsts: dict[str, list[float]] = {name: [] for name in places}
        for _ in range(ROUNDS):
            for name, place in places.items():
                began = cpu_seconds(place.pid)
                wave = replies.through_site(place.address, people[name])
                cpu[name].append((cpu_seconds(place.pid) - began) / CLIENTS)
                firsts[name] += [each.first for each in wave]
    now, before = median(cpu["now"]), median(cpu["before"])
    yield Row(
        f"{CLIENTS} at once: processor time of the server a reply, now and {BEFORE}, by turns",
        f"{ms(now)}, {ms(before)}",
        compared=times(now / before),
        target="≤ 0.6×",
    )
    yield Row(
        f"{CLIENTS} at once: first word, median, now and {BEFORE}, by turns",
        f"{ms(median(firsts['now']))}, {ms(median(firsts['before']))}",
        compared=times(median(firsts["now"]) / median(firsts["before"])),
        target="≤ 200 ms",
    )


@contextmanager
def checked_out(commit: str) -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        tree, packages = str(Path(folder) / "tree"), str(Path(folder) / "packages")
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target")
        subprocess.run([*pip, packages, *NEEDED], check=True)
        git("worktree", "add", "--detach", tree, commit)
        try:
            yield tree, packages
        finally:
            git("worktree", "remove", "--force", tree)


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True)
