"""The database, brought to this version of the code.

Fails closed: on a database that is newer than the code, or that couldn't be migrated, no server
starts.
"""

from collections.abc import Callable

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from chatsite.launch import LaunchError
from conversations.review import triggers

CONNECT_TIMEOUT = 10  # seconds


def prepare(say: Callable[[str], object]) -> None:
    """Applies missing migrations and makes missing triggers; raises LaunchError when that can't be
    done safely.
    """
    connect()
    try:
        executor = MigrationExecutor(connection)
        if newer := unknown_migrations(executor.loader):
            raise LaunchError(
                f"The database was migrated by a newer version ({', '.join(newer)}). "
                "Start that version, or restore a backup from before the upgrade."
            )
        # Whoever migrates makes the triggers as well: an earlier attempt may have broken off.
        if executor.migration_plan(executor.loader.graph.leaf_nodes()) or triggers.missing():
            say("Preparing the database …")
            migrate()
    finally:
        connection.close()


def connect() -> None:
    options = connection.settings_dict["OPTIONS"]
    # A pool would go on trying in the background and log every failure.
    options.pop("pool", None)
    if connection.vendor == "postgresql":
        options.setdefault("connect_timeout", CONNECT_TIMEOUT)
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise LaunchError(
            f"The database can't be reached: {first_line(error)}. Check DATABASE_URL."
        ) from error


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


def migrate() -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except Exception as error:
        # Whatever went wrong, the answer is the same: no start. --traceback shows the rest.
        raise LaunchError(
            f"The database could not be migrated, so the server was not started: "
            f"{first_line(error)}. `python manage.py migrate` shows where it stopped."
        ) from error


def first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
