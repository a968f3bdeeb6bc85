"""The database, its migrations, and whether a server runs on them."""

import fcntl
import os
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from chatsite.server.doctor.findings import Finding, not_checked, ok, wrong
from chatsite.server.startup import LaunchError
from chatsite.server.startup.data_dir import LOCK
from chatsite.server.startup.database import (
    connect_database,
    database_file,
    require_writable,
    unknown_migrations,
)


def is_missing() -> bool:
    """Whether the first start hasn't been yet: connecting to SQLite would make its file."""
    file = database_file()
    return bool(file and not file.exists())


def check_database() -> Iterator[Finding]:
    if is_missing():
        yield not_checked("there is none yet: the first `manage.py serve` makes it")
        return
    try:
        connect_database()
        require_writable()
    except LaunchError as error:
        meaning, _, remedy = str(error).rpartition(". ")
        yield wrong(meaning, remedy)
        return
    yield ok(f"{name_version()}, can be read and written")


def name_version() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            return f"SQLite {cursor.fetchone()[0]} ({database_file()})"
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


def check_migrations() -> Iterator[Finding]:
    if is_missing():
        yield not_checked("there is no database yet")
        return
    try:
        connect_database()
    except LaunchError:
        yield not_checked("the database can't be reached")
        return
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if newer := unknown_migrations(executor.loader):
        yield wrong(
            f"the database is of a newer version ({', '.join(newer)})",
            "Start that version, or put back a snapshot or backup from before the upgrade.",
        )
    elif plan:
        yield wrong(
            f"{len(plan)} not applied, the first {plan[0][0]}",
            "Restart the site (`manage.py serve` migrates), or run `manage.py migrate`.",
        )
    else:
        yield ok("all are applied")


def check_server() -> Iterator[Finding]:
    """For information only."""
    if is_server_running():
        yield ok(f"one is running on {settings.DATA_DIR}")
    else:
        yield not_checked(f"none is running on {settings.DATA_DIR}")


def is_server_running() -> bool:
    """Whether the data folder is locked; the lock is taken for no longer than the question."""
    try:
        handle = os.open(settings.DATA_DIR / LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
