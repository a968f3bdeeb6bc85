"""Whether the triggers are there is known, and migrating makes those that aren't."""

import pytest
from django.core.management import call_command
from django.db import connection

from conversations.review import triggers
from tests.core.crossing import on_postgresql

pytestmark = pytest.mark.django_db(transaction=True)


def test_none_is_missing() -> None:
    assert triggers.missing_triggers() == set()


@pytest.mark.parametrize("names", [triggers.LOG, triggers.CHANGES], ids=["log", "changes"])
def test_those_that_are_missing_are_made_by_migrating(names: dict[str, str]) -> None:
    triggers.remove_triggers(names)
    assert triggers.missing_triggers() <= names.keys()
    assert triggers.missing_triggers()
    call_command("migrate", verbosity=0)
    assert triggers.missing_triggers() == set()


def test_they_come_back_after_migrations_that_broke_off() -> None:
    triggers.on_pre_migrate(plan=["a migration"])
    assert triggers.missing_triggers() >= triggers.CHANGES.keys()
    call_command("migrate", verbosity=0)
    assert triggers.missing_triggers() == set()


@on_postgresql
def test_one_that_is_switched_off_is_missing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE review_accessentry DISABLE TRIGGER review_log_update")
    assert triggers.missing_triggers() == {"review_log_update"}
    call_command("migrate", verbosity=0)
    assert triggers.missing_triggers() == set()
