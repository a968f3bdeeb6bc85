"""How late gevent's loop is while files are read: run by `bench.hostile_files` in a process of its
own, which prints for each file in a folder what came of it, how long that took, and the delays of a
clock that should tick every millisecond.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import gevent  # noqa: E402

from bench.loop_lateness import tick  # noqa: E402
from conversations.attachments.reader import FileReader  # noqa: E402
from conversations.attachments.reading.framing import Request  # noqa: E402
from conversations.attachments.reading.values import (  # noqa: E402
    KINDS,
    ReadingLimits,
    UnreadableFileError,
)


def main(folder: str) -> None:
    # A server of this size, as far as forking is concerned.
    ballast = bytearray(100 * 2**20)
    reader = FileReader()
    results = {}
    for path in sorted(Path(folder).iterdir()):
        delays: list[float] = []
        clock = gevent.spawn(tick, delays)
        started = time.perf_counter()
        outcome = read(reader, path)
        results[path.name] = (outcome, time.perf_counter() - started, delays)
        clock.kill()
    reader.stop()
    del ballast
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    json.dump({"files": results, "largest": largest}, sys.stdout)


def read(reader: FileReader, path: Path) -> str:
    try:
        return reader.read(1, Request(path.name, KINDS, ReadingLimits()), path.read_bytes).kind
    except UnreadableFileError as error:
        return error.code


if __name__ == "__main__":
    main(*sys.argv[1:])
