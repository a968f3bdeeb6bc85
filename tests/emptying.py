"""How tables are emptied after a test with transactions of its own.

Django's `flush` empties all of them, and makes content types, permissions and roles anew, which
takes most of its time; on PostgreSQL, emptying a table that is empty takes as long as another. So
what `migrate` makes stays unless the test changed it, and only tables with rows are emptied.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TransactionTestCase

from conversations.review import triggers

MADE_BY_MIGRATE = tuple(
    model._meta.db_table for model in (ContentType, Permission, Group, Group.permissions.through)
)
# Of emptying: triggers write to tables that were empty before.
MOST_ROUNDS = 5


@contextmanager
def quick_emptying() -> Iterator[None]:
    """Within it, this is what happens after such a test.

    The database refuses to empty the access log, so that is unlocked for as long.
    """
    set_up = TransactionTestCase._fixture_setup.__func__  # type: ignore[attr-defined]
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    made: list[object] = []

    def remember(kind: type[TransactionTestCase]) -> None:
        set_up(kind)
        made[:] = read_made()

    def tear_down(case: TransactionTestCase) -> None:
        triggers.unlock_log()
        if read_made() == made and empty_tables():
            triggers.install_triggers()
        else:
            flush(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(remember))
        patch.setattr(TransactionTestCase, "_fixture_teardown", tear_down)
        yield


def read_made() -> list[object]:
    with connection.cursor() as cursor:
        rows: list[object] = []
        for table in MADE_BY_MIGRATE:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608
            rows.append(cursor.fetchall())
        return rows


def empty_tables() -> bool:
    """All but those that `migrate` fills; whether that came to an end."""
    with transaction.atomic(), connection.cursor() as cursor:
        for _ in range(MOST_ROUNDS):
            if not (tables := list_filled()):
                return True
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    return False


def list_filled() -> list[str]:
    names = set(connection.introspection.django_table_names(only_existing=True))
    queries = [
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})"  # noqa: S608
        for name in sorted(names - set(MADE_BY_MIGRATE))
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(queries))
        return [name for (name,) in cursor.fetchall()]
