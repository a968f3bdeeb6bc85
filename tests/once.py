"""What is made once a run, by whichever of its processes needs it first; the others wait for it."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path


class Shared:
    """Where the processes of this run keep it; nowhere outside of a run of tests."""

    folder: Path | None = None


def share(basetemp: Path) -> None:
    """`basetemp`: this process's; those of pytest-xdist's processes lie beside each other."""
    Shared.folder = basetemp.parent if "PYTEST_XDIST_WORKER" in os.environ else basetemp


def once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name, as `make` has filled it. To be copied, and left as it is."""
    assert Shared.folder
    path, unfinished = Shared.folder / name, Shared.folder / f"{name}.unfinished"
    with (Shared.folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(path)
    return path
