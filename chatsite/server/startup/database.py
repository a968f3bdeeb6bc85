"""The database, brought to this version of the code.

Fails closed: on a database that can't be written, that is newer than the code, or that couldn't be
migrated, no server starts.
"""

from collections.abc import Callable
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from chatsite.core.database_errors import Outage, outage_of
from chatsite.core.write_check import check_writable
from chatsite.databases.postgresql.advisory_locks import CONNECT_TIMEOUT
from chatsite.server.startup import LaunchError
from chatsite.server.startup.one_server import lock_database, migration_lock
from chatsite.server.startup.registry import MISSING_CHECKS
from chatsite.server.startup.snapshots import SnapshotError

REMEDIES = {
    "sqlite": (
        "Its file and the folder around it must be writable for this user, the disk must have "
        "room, and no other program may be in the middle of writing."
    ),
    "postgresql": "DATABASE_URL must lead to the primary server, which must have room.",
}


def prepare_database(data_dir: Path, say: Callable[[str], object]) -> int | None:
    """Takes the database for this process, applies missing migrations and makes missing triggers.

    Returns the descriptor of its lock. Raises LaunchError when that can't be done safely: nothing
    is migrated under another server that is running.
    """
    connect_database()
    try:
        with migration_lock(say):
            lock = lock_database(data_dir)
            bring_up_to_date(say)
    except (DatabaseError, psycopg.Error) as error:
        # Each lock takes a connection, and PostgreSQL may have one less than that.
        if outage_of(error) != Outage.UNREACHABLE:
            raise
        raise explain_unreachable(error) from error
    return lock


def bring_up_to_date(say: Callable[[str], object]) -> None:
    try:
        require_writable()
        executor = MigrationExecutor(connection)
        if newer := unknown_migrations(executor.loader):
            raise LaunchError(
                f"The database was migrated by a newer version ({', '.join(newer)}). "
                "Start that version, or restore a backup from before the upgrade."
            )
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan or any(is_missing() for is_missing in MISSING_CHECKS):
            say("Preparing the database …")
            apply_migrations()
    finally:
        connection.close()


def database_file() -> Path | None:
    """SQLite's; PostgreSQL looks after its own."""
    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None


def connect_database() -> None:
    options = connection.settings_dict["OPTIONS"]
    # A pool would go on trying in the background and log every failure.
    options.pop("pool", None)
    if connection.vendor == "postgresql":
        options["connect_timeout"] = CONNECT_TIMEOUT
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        # SQLite writes to its file already when it is opened, unless that has been done before.
        if outage_of(error) in (None, Outage.UNREACHABLE):
            raise explain_unreachable(error) from error
        raise explain_unwritable(error) from error


def require_writable() -> None:
    """A server that can't write would start, take no message, and say nothing about why."""
    try:
        check_writable()
    except DatabaseError as error:
        raise explain_unwritable(error) from error


def explain_unreachable(error: Exception) -> LaunchError:
    return LaunchError(
        f"The database can't be reached: {first_line_of_error(error)}. Check DATABASE_URL."
    )


def explain_unwritable(error: DatabaseError) -> LaunchError:
    return LaunchError(
        f"The database can't be written: {outage_of(error) or first_line_of_error(error)}. "
        f"{REMEDIES[connection.vendor]}"
    )


def unknown_migrations(loader: MigrationLoader) -> list[str]:
    """What was applied and isn't in this code, such as "conversations.0007_shares"."""
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps
        and (app, name) not in loader.disk_migrations
        and (app, name) not in replaced
    )


def apply_migrations() -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except SnapshotError as error:
        raise LaunchError(str(error)) from error
    except Exception as error:
        # Whatever went wrong, the answer is the same: no start. --traceback shows the rest.
        raise LaunchError(
            f"The database could not be migrated, so the server was not started: "
            f"{first_line_of_error(error)}. `python manage.py migrate` shows where it stopped."
        ) from error


def first_line_of_error(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
