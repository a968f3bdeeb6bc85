"""Which processes on this data folder are dead, known at once and for certain: each that lives
holds the lock of a file, which the kernel releases however the process ends.

So one that was killed isn't waited for as one on another host is, which can only have been silent
for too long (`chatsite/jobs/processes.py`).
"""

import contextlib
import fcntl
import os
import uuid
from pathlib import Path

from django.conf import settings

from chatsite.jobs.models import ServerProcess
from chatsite.jobs.processes import PROCESS

FOLDER = "processes"


def lock_process_file() -> int:
    """Make this process's file and lock it; return the descriptor, to be kept open."""
    path = make_path(PROCESS)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if is_there(path, handle):
            return handle
        # Another process found it before it was locked, and took it for that of a dead one.
        os.close(handle)


def is_there(path: Path, handle: int) -> bool:
    """Whether the file of the descriptor is still the one of this name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def remove_process_file(handle: int) -> None:
    make_path(PROCESS).unlink(missing_ok=True)
    os.close(handle)


def make_path(process: uuid.UUID) -> Path:
    return Path(settings.DATA_DIR) / FOLDER / process.hex


def strike_dead() -> None:
    """Strike those from the list of processes that died on this data folder."""
    for path in (Path(settings.DATA_DIR) / FOLDER).iterdir():
        if path.name != PROCESS.hex and is_unlocked(path):
            with contextlib.suppress(ValueError):
                ServerProcess.objects.filter(pk=uuid.UUID(path.name)).delete()
            path.unlink(missing_ok=True)


def is_unlocked(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
