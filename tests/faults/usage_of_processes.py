"""What a process holds, as the kernel counts it."""

import time
from dataclasses import astuple, dataclass
from pathlib import Path

# Threads and files that may have come without anything being leaked: a pool grows to what was used.
SLACK = 12
TIMEOUT = 30.0  # seconds


@dataclass(frozen=True)
class Holdings:
    threads: int
    files: int
    sockets: int


def read_holdings(pid: int) -> Holdings:
    process = Path(f"/proc/{pid}")
    targets = [read_target(file) for file in (process / "fd").iterdir()]
    return Holdings(
        threads=len(list((process / "task").iterdir())),
        files=len(targets),
        sockets=sum(target.startswith("socket:") for target in targets),
    )


def read_target(file: Path) -> str:
    try:
        return str(file.readlink())
    except FileNotFoundError:
        return ""


def wait_for_holdings(pid: int, before: Holdings) -> None:
    """Return once the process holds no more than before, and a little."""
    deadline = time.monotonic() + TIMEOUT
    while is_more(held := read_holdings(pid), before):
        assert time.monotonic() < deadline, f"{held} instead of {before}"
        time.sleep(0.2)


def is_more(held: Holdings, before: Holdings) -> bool:
    pairs = zip(astuple(held), astuple(before), strict=True)
    return any(now > then + SLACK for now, then in pairs)
