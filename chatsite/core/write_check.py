"""Whether the database can be written: by writing to it.

Asking for permissions would miss a full disk, a read-only mount, a standby.
"""

from django.db import connection, transaction
from psycopg.errors import ReadOnlySqlTransaction


def check_writable() -> None:
    """Commit a write that changes nothing; raises DatabaseError when that fails."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # In the header of the file; nothing else uses it.
            (number,) = cursor.execute("PRAGMA user_version").fetchone()
            cursor.execute(f"PRAGMA user_version = {number}")
            return
        cursor.execute("SELECT current_setting('transaction_read_only')")
        (read_only,) = cursor.fetchone()
        if read_only == "on":
            with connection.wrap_database_errors:
                raise ReadOnlySqlTransaction("a standby, or set to be read-only")
        # A number for the transaction makes its end a record in the log written ahead.
        cursor.execute("SELECT pg_current_xact_id()")
