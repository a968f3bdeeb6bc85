"""`python -m bench`: measures what docs/performance.md keeps, and prints it as a Markdown table.

Every figure has an upstream and a site of its own, on loopback, ended when it is done. Linux only.
"""

import argparse
import platform
import signal
import sys
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

from bench import (
    against,
    browser,
    cached_share,
    connections,
    crowded,
    endurance,
    export,
    formulas,
    hostile_code,
    hostile_files,
    idle_streams,
    images,
    lexers,
    load,
    locked,
    logs,
    long,
    memory,
    opening,
    pathological,
    reindexing,
    review,
    search,
    several,
    starting,
    thousand,
    weight,
    wire,
    workers,
)
from bench.report import HEAD, Row

FIGURES: dict[str, Callable[[], Iterable[Row]]] = {
    "browser": browser.rows,
    "opening": opening.rows,
    "http": load.rows,
    "page": weight.rows,
    "memory": memory.rows,
    "images": images.rows,
    "bytes": wire.rows,
    "long": long.rows,
    "workers": workers.rows,
    "several": several.rows,
    "logs": logs.rows,
    "against": against.rows,
    "thousand": thousand.rows,
    "idle": idle_streams.rows,
    "start": starting.rows,
    "cache": cached_share.rows,
    "crowded": crowded.rows,
    "endurance": endurance.rows,
    "review": review.rows,
    "search": search.rows,
    "reindexing": reindexing.rows,
    "export": export.rows,
    "formulas": formulas.rows,
    "pathological": pathological.rows,
    "connections": connections.rows,
    "lexers": lexers.rows,
    "hostile": hostile_code.rows,
    "hostile-files": hostile_files.rows,
    "locked": locked.rows,
}
# These take ten minutes or more each: measured only where they are named.
ONLY_NAMED = ("lexers", "pathological", "review", "endurance")
PARTS = ("Django", "gunicorn", "gevent", "requests")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    long_ones = f"{', '.join(ONLY_NAMED)} take ten minutes or more each and are to be named"
    which = f"which of {', '.join(FIGURES)}; all by default but those too long: {long_ones}"
    parser.add_argument("figures", nargs="*", help=which)
    parser.add_argument("--clients", type=int, nargs="+", help="for http: how many at once (50)")
    parser.add_argument(
        "--messages", type=int, help="for search and reindexing: how many in all (50,000)"
    )
    options = parser.parse_args()
    if unknown := set(options.figures) - FIGURES.keys():
        parser.error(f"not a figure: {', '.join(sorted(unknown))}")
    figures = dict(FIGURES)
    if options.clients:
        figures["http"] = lambda: load.rows(options.clients)
    if options.messages:
        figures["search"] = lambda: search.rows(options.messages)
        figures["reindexing"] = lambda: reindexing.rows(options.messages)
    # What is measured ends with this process, also where that is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended."))
    print(f"{machine()}\n\n{HEAD}", flush=True)
    for name in options.figures or [name for name in figures if name not in ONLY_NAMED]:
        started = time.monotonic()
        for row in figures[name]():
            print(row, flush=True)
        print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr)


def machine() -> str:
    parts = ", ".join(f"{name} {version(name)}" for name in PARTS)
    return f"{cpu()}, Linux {platform.release()}, Python {platform.python_version()}, {parts}"


def cpu() -> str:
    with Path("/proc/cpuinfo").open() as lines:
        models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(models)} × {models[0] if models else platform.machine()}"


if __name__ == "__main__":
    main()
