"""A copy of SQLite's database before it is migrated: the way back from an upgrade.

Whatever starts the migrations, `manage.py serve` or `manage.py migrate`, Django's signal before
them has the copy made. A database without migrations is new, and has nothing to lose.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from chatsite.version import read_version

FOLDER = "snapshots"
KEPT = 3
MEGABYTE = 1024 * 1024
# What migrating itself may need.
SPARE = 16 * MEGABYTE

_is_wanted = True


class SnapshotError(CommandError):
    """Why there is no copy, so that nothing was migrated; a sentence for the terminal."""


@contextmanager
def without_snapshot() -> Iterator[None]:
    """For a database that is only being made, of what is kept elsewhere."""
    global _is_wanted
    _is_wanted = False
    try:
        yield
    finally:
        _is_wanted = True


def save_before_migrations(
    sender: AppConfig, using: str, plan: list[Any], stdout: Any = None, **_: Any
) -> None:
    """Receive `pre_migrate`, which is sent for each app."""
    is_first = sender is next(app for app in apps.get_app_configs() if app.models_module)
    if not (is_first and plan and using == "default" and is_snapshot_needed()):
        return
    path = save_snapshot()
    if stdout:
        stdout.write(
            f"The database was saved to {path} before it is migrated. To go back, stop the site, "
            "put that file in the database's place, and start the version before "
            "(docs/deploy.md, “Upgrade, and the way back”)."
        )
        stdout.flush()


def is_snapshot_needed() -> bool:
    return (
        _is_wanted
        and settings.SNAPSHOT_BEFORE_MIGRATIONS
        and connection.vendor == "sqlite"
        and not connection.is_in_memory_db()  # type: ignore[attr-defined]
        and bool(MigrationRecorder(connection).applied_migrations())
    )


def save_snapshot() -> Path:
    """Return where it is. The latest few are kept. Raises SnapshotError."""
    folder = settings.DATA_DIR / FOLDER
    version = read_version(settings.BASE_DIR / "CHANGELOG.md") or "migrations"
    path = folder / f"before-{version}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.sqlite3"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        require_room(folder, measure_database())
        copy_database(path)
        remove_old(folder)
    except (OSError, sqlite3.Error) as error:
        cause = error.strerror if isinstance(error, OSError) else error
        raise SnapshotError(explain_failure(f"{folder} can't be written: {cause}")) from error
    return path


def measure_database() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])


def require_room(folder: Path, size: int) -> None:
    needed, free = size + SPARE, shutil.disk_usage(folder).free
    if free < needed:
        raise SnapshotError(
            explain_failure(
                f"{folder} has no room for it: {needed // MEGABYTE:,} MB are needed, "
                f"{free // MEGABYTE:,} MB are free"
            )
        )


def explain_failure(cause: str) -> str:
    return (
        f"The database is saved before it is migrated, and {cause}. Nothing was changed. Make "
        "room, or make a backup in another place (`manage.py backup`, with the version before) "
        "and set SNAPSHOT_BEFORE_MIGRATIONS=false."
    )


def copy_database(path: Path) -> None:
    """Make the file whole, or not at all; for its owner alone, as mkstemp does."""
    connection.ensure_connection()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    draft = Path(name)
    try:
        # All pages in one step: what others write meanwhile is in none of them.
        with closing(sqlite3.connect(draft)) as copy:
            connection.connection.backup(copy)
        os.fsync(handle)
        draft.rename(path)
    except BaseException:
        for end in ("", "-wal", "-shm", "-journal"):
            draft.with_name(draft.name + end).unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)


def remove_old(folder: Path) -> None:
    """Keep the latest, by the time in their names."""
    found = sorted(folder.glob("before-*.sqlite3"), key=lambda path: path.stem.rpartition("-")[2])
    for path in found[:-KEPT]:
        path.unlink(missing_ok=True)
