"""What a process and its children have taken so far, from Linux's /proc."""

import os
import re
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


def cpu_seconds(pid: int) -> float:
    """User and system time of the family."""
    return sum(map(_ticks, family(pid))) / TICKS


def memory(pid: int, kind: str = "Pss") -> int:
    """Bytes of the family. Pss counts a page that several processes share in parts, Rss in each."""
    return sum(_memory(member, kind) for member in family(pid))


def _ticks(pid: int) -> int:
    # The name, in brackets, may hold anything: count from its end.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _memory(pid: int, kind: str) -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(rf"^{kind}: +(\d+) kB$", rollup, re.MULTILINE)
    assert found
    return int(found[1]) * 1024
