"""Several processes behind one port: any of them is asked, and answers for all.

Every few seconds each process leaves its numbers in a file of `DATA_DIR/metrics`, with a place of
its own there, 0, 1, 2 …, that it holds by a lock; who is asked reads those of the others. Series
get the place as the label `process`: the counter of a process that was replaced then starts anew
where Prometheus sees it, instead of having a sum shrink; and memory, files or open streams are
known for each. A process that says nothing for long is left out.

prometheus-client's own way (values in mapped files, summed when read) has neither its collectors of
the process nor any that read when they are asked, and keeps what dead processes counted until all
are stopped.
"""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from prometheus_client import Metric
from prometheus_client.registry import Collector

from chatsite.core.connections import release_connection
from chatsite.jobs.periodic import PeriodicThread
from chatsite.server.metrics.registry import get_metrics

# Seconds.
INTERVAL = 5.0
TOO_OLD = 30.0


class Place:
    """This process's place in the folder: the first that no living process holds."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.number, self._lock = next(filter(None, (take_place(folder, n) for n in count())))
        self.path = folder / f"{self.number}.json"

    def write(self, metrics: Iterable[Metric]) -> None:
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps([as_json(metric) for metric in metrics]), encoding="utf-8")
        draft.replace(self.path)

    def has_others(self) -> bool:
        """Whether there are, or were, other processes."""
        return any(path.stem != str(self.number) for path in self.folder.glob("*.lock"))

    def read_others(self) -> Iterator[tuple[str, list[Metric]]]:
        for path in sorted(self.folder.glob("*.json")):
            if path == self.path:
                continue
            # It may be replaced, or its process end, at any moment.
            with contextlib.suppress(OSError, ValueError):
                if abs(time.time() - path.stat().st_mtime) < TOO_OLD:
                    written = json.loads(path.read_text(encoding="utf-8"))
                    yield path.stem, [from_json(each) for each in written]

    def leave(self) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self._lock)


def take_place(folder: Path, number: int) -> tuple[int, int] | None:
    """Return the number and the descriptor that holds its lock; None where another has it."""
    handle = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return number, handle


def as_json(metric: Metric) -> list[Any]:
    samples = [(sample.name, sample.labels, sample.value) for sample in metric.samples]
    return [metric.name, metric.documentation, metric.type, samples]


def from_json(written: list[Any]) -> Metric:
    name, documentation, kind, samples = written
    metric = Metric(name, documentation, kind)
    for sample in samples:
        metric.add_sample(*sample)
    return metric


class SnapshotWriter(PeriodicThread):
    """The thread that leaves this process's numbers to the others."""

    # This process's, while it serves.
    place: Place | None = None

    def __init__(self) -> None:
        super().__init__("metrics", every=INTERVAL, first=0.5, is_shared=False)

    def start(self) -> None:
        SnapshotWriter.place = Place(settings.DATA_DIR / "metrics")
        super().start()

    def stop(self) -> None:
        super().stop()
        if place := SnapshotWriter.place:
            SnapshotWriter.place = None
            place.leave()

    def work(self) -> None:
        if SnapshotWriter.place and SnapshotWriter.place.has_others():
            SnapshotWriter.place.write(get_metrics().process.collect())


class SiteCollector(Collector):
    """All processes' metrics, and what the database says; each family in one piece."""

    def collect(self) -> Iterable[Metric]:
        place = SnapshotWriter.place
        number = str(place.number) if place else "0"
        families: dict[str, Metric] = {}
        others = place.read_others() if place else ()
        for process, metrics in ((number, get_metrics().process.collect()), *others):
            for metric in metrics:
                family = families.setdefault(
                    metric.name, Metric(metric.name, metric.documentation, metric.type)
                )
                for sample in metric.samples:
                    labels = {**sample.labels, "process": process}
                    family.add_sample(sample.name, labels, sample.value)
        yield from families.values()
        yield from collect_from_database()


def collect_from_database() -> list[Metric]:
    """Nothing while the database is away: `/readyz/` says that it is."""
    try:
        return list(get_metrics().site.collect())
    except DatabaseError:
        return []
    finally:
        release_connection()
