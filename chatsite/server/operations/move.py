"""Move the site's rows into another database, which is empty: from SQLite to PostgreSQL, say.

What is in DATA_DIR stays there, and so does the old database, which is only read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from chatsite.databases import configuration
from chatsite.server.operations import OperationError
from chatsite.server.operations.exclusive import hold_data_dir, hold_database
from chatsite.server.operations.loading import Say, load, require_empty
from chatsite.server.operations.settings_record import hide_password
from chatsite.server.operations.sources import open_snapshot, use_as_default
from chatsite.server.startup import LaunchError
from chatsite.server.startup.database import connect_database, first_line_of_error

type Identity = tuple[object, ...]


def move_site(url: str, say: Say) -> None:
    """Copy all rows and compare them. Raises OperationError or LaunchError; then the database that
    `url` leads to is as empty as it was.
    """
    require_readable(url)
    with hold_data_dir(), hold_database():
        old, identity = describe_default(), identify_default()
        with use_as_default(url) as source, hold_target(url, identity):
            require_empty("Make a new one, and give its address as --to.")
            with open_snapshot(source) as snapshot:
                rows = load(snapshot, say)
    say(f"Moved {rows:,} rows to {hide_password(url)}. Each was compared.")
    say(f"Set DATABASE_URL to the address that you gave as --to: DATABASE_URL={hide_password(url)}")
    say(
        f"The old database, {old}, stays as it is: it is the way back until people write "
        f"again. DATA_DIR stays {settings.DATA_DIR}."
    )


def require_readable(url: str) -> None:
    try:
        configuration.from_url(url, settings.DATA_DIR / "db.sqlite3")
    except ImproperlyConfigured as error:
        raise OperationError(str(error).replace("DATABASE_URL", "--to")) from None


@contextmanager
def hold_target(url: str, source: Identity) -> Iterator[None]:
    """Keep others away from what is the default database by now."""
    shown = hide_password(url)
    try:
        connect_database()
    except LaunchError as error:
        cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
        raise OperationError(
            f"{shown} can't be used: {first_line_of_error(cause)}. Check --to."
        ) from error
    if identify_default() == source:
        raise OperationError(f"{shown} is the site's database already. Check --to.")
    with hold_database():
        yield


def describe_default() -> str:
    name = connection.settings_dict["NAME"]
    return str(name) if connection.vendor == "sqlite" else f"{name} of PostgreSQL"


def identify_default() -> Identity:
    """Return what only this database has, by whatever name it is reached."""
    if connection.vendor == "sqlite":
        status = Path(connection.settings_dict["NAME"]).stat()
        return (status.st_dev, status.st_ino)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::bigint, pg_postmaster_start_time() FROM pg_database"
            " WHERE datname = current_database()"
        )
        return tuple(cursor.fetchone())
