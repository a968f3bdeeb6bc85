"""Memory over ten minutes of load: fifty clients at once, wave after wave."""

import time
from collections.abc import Iterator

from bench import load, processes, replies
from bench.report import Row, mb
from bench.stage import stage

CLIENTS = 50
MINUTES = 10
TARGET = "≤ 130 MB, slope ≈ 0"


def rows() -> Iterator[Row]:
    with stage() as place:
        load.warm_up(place)
        people = place.people(CLIENTS)
        began = time.monotonic()
        waves: list[tuple[float, int]] = []  # minutes, bytes
        while (minutes := (time.monotonic() - began) / 60) < MINUTES:
            replies.through_site(place.address, people)
            waves.append((minutes, processes.memory(place.pid)))
    late = waves[len(waves) // 2 :]
    slope = (late[-1][1] - late[0][1]) / max(late[-1][0] - late[0][0], 1e-9)
    yield Row(
        f"memory of the server over {MINUTES} minutes of {CLIENTS} at once, {len(waves)} waves:"
        " first / last, and growth a minute in the second half",
        f"{mb(waves[0][1])} / {mb(waves[-1][1])}, {slope / 1e6:+.2f} MB",
        target=TARGET,
    )
