"""How late gevent's loop is while helpers are killed and replaced: run by `bench.hostile_code` in a
process of its own, which prints the delays of a clock that should tick every millisecond.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import queue  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402

import gevent  # noqa: E402

from conversations.highlighting.highlighter import HighlightBudget, Highlighter, HighlightRequest  # noqa: E402

TICK = 0.001
BLOCKS = 12


def tick(delays: list[float]) -> None:
    while True:
        due = time.perf_counter() + TICK
        gevent.sleep(TICK)
        delays.append(time.perf_counter() - due)


def main(language: str, code: str) -> None:
    # A server of this size, as far as forking is concerned.
    ballast = bytearray(100 * 2**20)
    delivered: queue.Queue[object] = queue.Queue()
    highlighter = Highlighter(block_timeout=0.25, rest=0)
    delays: list[float] = []
    clock = gevent.spawn(tick, delays)
    for _ in range(BLOCKS):
        highlighter.submit(1, HighlightRequest(language, code, HighlightBudget(1), delivered.put))
        delivered.get()
    clock.kill()
    highlighter.stop()
    del ballast
    json.dump(delays, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
