"""What a process holds, as the kernel counts it, beside its connections to PostgreSQL and Redis,
whose pools keep as many as a crowd has needed at once.
"""

from collections.abc import Collection
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

from tests.waiting import wait_until

# Threads and files that may have come without anything being leaked: a pool grows to what was used.
SLACK = 12
TIMEOUT = 30.0  # seconds


@dataclass(frozen=True)
class Holdings:
    threads: int
    files: int
    sockets: int


def read_holdings(pid: int, pooled_ports: Collection[int]) -> Holdings:
    process = Path(f"/proc/{pid}")
    pooled = list_sockets_to(process, pooled_ports)
    targets = [read_target(file) for file in (process / "fd").iterdir()]
    targets = [target for target in targets if target not in pooled]
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


def list_sockets_to(process: Path, ports: Collection[int]) -> set[str]:
    """Return the names of the sockets in the process's network that lead to these ports."""
    lines = (process / "net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return {f"socket:[{row[9]}]" for row in rows if int(row[2].partition(":")[2], 16) in ports}


def wait_for_holdings(pid: int, pooled_ports: Collection[int], before: Holdings) -> None:
    """Return once the process holds no more than before, and a little."""
    read = partial(read_holdings, pid, pooled_ports)
    wait_until(lambda: not is_more(read(), before), f"{before}", TIMEOUT, instead=read)


def is_more(held: Holdings, before: Holdings) -> bool:
    pairs = zip(astuple(held), astuple(before), strict=True)
    return any(now > then + SLACK for now, then in pairs)
