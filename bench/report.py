"""The rows of the table that is printed, and how numbers are written in it."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

HEAD = "| what | measured | upstream alone | compared | target |\n|---|---|---|---|---|"


@dataclass(frozen=True)
class Row:
    what: str
    measured: str
    upstream: str = ""
    compared: str = ""
    target: str = ""

    def __str__(self) -> str:
        cells = (self.what, self.measured, self.upstream, self.compared, self.target)
        return f"| {' | '.join(cells)} |"


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def s(seconds: float) -> str:
    return f"{seconds:.2f} s"


def times(ratio: float) -> str:
    return f"{ratio:.2f}×"


def kb(size: float) -> str:
    return f"{size / 1000:.1f} KB"


def mb(size: float) -> str:
    return f"{size / 1e6:.0f} MB"


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def p95(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[int(0.95 * (len(ordered) - 1))]
