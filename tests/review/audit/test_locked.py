"""The database itself refuses to change the access log, by whichever way it is asked."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review import triggers
from conversations.review.audit import services as access_log
from conversations.review.models import AccessEntry, Disclosure
from tests.review.access import opened

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")


@pytest.fixture
def entry(rita: User, conversation: Conversation) -> AccessEntry:
    return opened(rita, conversation, reason="A complaint.")


def refused(change: Callable[[], object]) -> bool:
    """Whether it is, and the log as it was."""
    before = list(AccessEntry.objects.values())
    with pytest.raises(DatabaseError, match="can not be changed"), transaction.atomic():
        change()
    return list(AccessEntry.objects.values()) == before


def sql(statement: str) -> Callable[[], object]:
    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return execute


COLUMNS = "id, at, actor, subject, kind, reason, terms, details"
OTHERWISE = "id, at, actor, subject, kind, 'none', terms, details"
COPY = f"INTO review_accessentry ({COLUMNS}) SELECT {OTHERWISE} FROM review_accessentry"  # noqa: S608


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE review_accessentry SET reason = 'none'",
        "UPDATE review_accessentry SET reason = reason",
        "DELETE FROM review_accessentry",
        "DELETE FROM review_accessentry WHERE id = (SELECT max(id) FROM review_accessentry)",
        f"INSERT {COPY} WHERE true ON CONFLICT (id) DO UPDATE SET reason = excluded.reason",
        pytest.param(f"INSERT OR REPLACE {COPY}", marks=on_sqlite),
        pytest.param(f"REPLACE {COPY}", marks=on_sqlite),
        pytest.param("UPDATE OR REPLACE review_accessentry SET id = 1", marks=on_sqlite),
        pytest.param("TRUNCATE review_accessentry", marks=on_postgresql),
        pytest.param("TRUNCATE review_accessentry CASCADE", marks=on_postgresql),
        pytest.param(
            "MERGE INTO review_accessentry USING (SELECT 1) AS one ON true"
            " WHEN MATCHED THEN DELETE",
            marks=on_postgresql,
        ),
    ],
)
def test_by_sql(entry: AccessEntry, statement: str) -> None:
    assert refused(sql(statement))


SHOWN = "review_disclosure"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {SHOWN} SET person = 'NOBODYAA'",  # noqa: S608
        f"DELETE FROM {SHOWN}",  # noqa: S608
        pytest.param(
            f"INSERT OR REPLACE INTO {SHOWN} (id, entry_id, person, conversation, is_told)"  # noqa: S608
            f" SELECT id, entry_id, 'NOBODYAA', conversation, is_told FROM {SHOWN}",
            marks=on_sqlite,
        ),
        pytest.param(f"TRUNCATE {SHOWN}", marks=on_postgresql),
    ],
)
def test_what_was_shown_is_locked_as_well(
    entry: AccessEntry, conversation: Conversation, statement: str
) -> None:
    access_log.record_disclosures(entry, [conversation])
    before = list(Disclosure.objects.values())
    assert refused(sql(statement))
    assert list(Disclosure.objects.values()) == before


def test_by_an_entry_that_is_saved_again(entry: AccessEntry) -> None:
    entry.reason = "none"
    assert refused(entry.save)


def test_by_an_entry_that_is_deleted(entry: AccessEntry) -> None:
    assert refused(entry.delete)


def test_by_an_update_of_many(entry: AccessEntry) -> None:
    assert refused(lambda: AccessEntry.objects.update(reason="none"))


def test_by_a_deletion_of_many(entry: AccessEntry) -> None:
    assert refused(AccessEntry.objects.all().delete)


def test_by_a_bulk_update(entry: AccessEntry) -> None:
    entry.reason = "none"
    assert refused(lambda: AccessEntry.objects.bulk_update([entry], ["reason"]))


def test_by_a_bulk_insertion_over_what_there_is(entry: AccessEntry) -> None:
    entry.reason = "none"
    assert refused(
        lambda: AccessEntry.objects.bulk_create(
            [entry], update_conflicts=True, unique_fields=["id"], update_fields=["reason"]
        )
    )


def test_it_grows(entry: AccessEntry, rita: User) -> None:
    AccessEntry.objects.bulk_create(AccessEntry(actor=rita.pseudonym) for _ in range(3))
    assert AccessEntry.objects.count() == 4


def test_who_erases_a_user_leaves_it_as_it_is(
    entry: AccessEntry, alice: User, rita: User, ada: User
) -> None:
    before = list(AccessEntry.objects.values())
    erase_user(user=alice)
    erase_user(user=rita)
    assert list(AccessEntry.objects.values()) == before


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_is_missing_is_put_back(entry: AccessEntry) -> None:
    triggers.unlock_log()
    call_command("migrate", verbosity=0)
    assert refused(AccessEntry.objects.all().delete)
