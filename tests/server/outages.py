"""Databases that are really locked, full or away."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest
from django.db import connection

from chatsite.databases.sqlite import busy


@contextmanager
def locked_database(path: Path | None = None) -> Iterator[None]:
    """SQLite's write lock, held meanwhile as another process would; by default the tests' own."""
    name = path or connection.settings_dict["NAME"]
    # No other thread of ours has to do with it: it may be let go in any.
    with closing(sqlite3.connect(name, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            # The next test's lock is another one, for which its writers wait their whole time.
            busy._lock.gone()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A file system of its own in the folder; skips the test where none may be mounted."""
    size = f"size={megabytes}m"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("Only on machines that let a file system be mounted")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, database: Path) -> Path:
    """Leaves no room on the disk, nor in the database's log; returns the file to remove again."""
    filler = folder / "filler"
    with filler.open("ab", buffering=0) as file:
        while not is_full(file) or not is_empty_log(database):
            pass
    return filler


def is_full(file: IO[bytes]) -> bool:
    """Whether nothing more fits; takes what does."""
    with suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    return True


def is_empty_log(database: Path) -> bool:
    """Whether SQLite's log is empty, so that the next write needs room; if not, empties it."""
    log = database.with_name(f"{database.name}-wal")
    if not log.exists() or not log.stat().st_size:
        return True
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return False
