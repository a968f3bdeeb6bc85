"""A search in one's own conversations reads nobody else's rows: the databases say so."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chatsite.accounts.models import User
from conversations import own_search
from conversations.outbox import worker
from conversations.search import matching, own_matching
from conversations.search.owners import compute_owner_gram, make_owner_mark
from tests.factories import make_long_conversation
from tests.search.plans import expect_many_rows, plans, read_whole
from tests.search.searching import say

# Of trigrams, of bigrams, of both; found by all of others' messages, by one's own alone, by none.
QUERIES = ["message", "me", "needle", "ne", "針", "針 message", "xyzzy", "привет"]
TABLES = {"review_messagedocument", "review_titledocument"}
# PostgreSQL's plans name the condition; SQLite's don't, its queries do.
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite")


@pytest.fixture
def many(alice: User, bob: User) -> None:
    """Alice's few messages stand amid bob's: what is newer than hers is many rows as well."""
    make_long_conversation(bob, 150)
    worker.process_outbox(150)
    say(alice, *["A needle: 針"] * 3, title="A needle: 針")
    make_long_conversation(bob, 150)
    worker.process_outbox(150)
    expect_many_rows()


def search(user: User, query: str) -> CaptureQueriesContext:
    with CaptureQueriesContext(connection) as queries:
        own_search.search_titles(user, query)
        own_search.search_messages(user, query)
    return queries


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("window", [1, 4000])
def test_no_search_of_ones_own_reads_a_whole_table(
    alice: User, query: str, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_matching, "WINDOW", window)
    for plan in plans(search(alice, query)):
        assert not read_whole(plan), plan


@on_postgresql
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("window", [1, 4000])
def test_postgresql_narrows_to_the_owner_by_the_index(
    alice: User, query: str, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_matching, "WINDOW", window)
    number = compute_owner_gram(alice.pk)
    conditions = [
        f"Index Cond: ((ARRAY[owner_id] @> '{{{alice.pk}}}'::bigint[])",
        f"Index Cond: (owner_id = {alice.pk})",
        f"Index Cond: ((owner_id = {alice.pk})",
        str(number),
    ]
    for plan in plans(search(alice, query)):
        if "on review_messagedocument" in plan and "owner_id IS NULL" not in plan:
            assert any(condition in plan for condition in conditions), plan


@on_postgresql
@pytest.mark.usefixtures("many")
def test_postgresql_finds_what_is_rare_by_the_owners_trigrams(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_matching, "WINDOW", 1)
    with connection.cursor() as cursor:
        # Among so few rows a walk through the owner's is as good.
        cursor.execute("DROP INDEX message_document_of_owner, review_message_trigrams")
        cursor.execute("SET LOCAL enable_indexscan = off")
    found = plans(search(alice, "needle"))
    assert any("Bitmap Index Scan on review_message_own_trigrams" in plan for plan in found), found


@on_sqlite
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("few", [0, 2000])
def test_sqlite_asks_its_indexes_for_the_owners_alone(
    alice: User, query: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "FEW", few)
    marks = (make_owner_mark(alice.pk), f"{compute_owner_gram(alice.pk):x}")
    asked = [each["sql"] for each in search(alice, query) if " MATCH " in each["sql"]]
    assert asked
    assert all(any(mark in sql for mark in marks) for sql in asked)


@on_sqlite
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("query", QUERIES)
def test_sqlite_walks_from_the_newest_and_sorts_nothing(alice: User, query: str) -> None:
    for sql, plan in zip(search(alice, query), plans(search(alice, query)), strict=True):
        if "review_messagedocument" in sql["sql"] and " MATCH " in sql["sql"]:
            assert "TEMP B-TREE" not in plan, plan
