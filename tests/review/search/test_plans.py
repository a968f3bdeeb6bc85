"""No search reads a whole table: the databases say how they would go about it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.outbox import worker
from conversations.review.search.results import SIZE, MessageSearch, search_messages
from conversations.search import matching
from conversations.search.terms import parse_terms
from tests.factories import make_long_conversation
from tests.search.plans import expect_many_rows, plans, read_whole
from tests.search.searching import say


@pytest.fixture
def many(alice: User, bob: User) -> None:
    make_long_conversation(bob, 300)
    worker.process_outbox(300)
    say(alice, "A needle: 針", title="A needle: 針")
    expect_many_rows()


def plans_of(reader: User, query: str, **filters: object) -> list[str]:
    search = MessageSearch(parse_terms(query), **filters)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as queries:
        search_messages(reader, search, before=10**9)
    return plans(queries)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("few", [0, 2000])
def test_no_search_reads_all_messages(
    alice: User, rita: User, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "FEW", few)
    day = timezone.now()
    for query in ("needle", "message", "ed", "針", "message 1", "needle 針", "привет", "xyzzy"):
        for filters in ({}, {"person": alice.pseudonym}, {"role": "user"}, {"since": day}):
            for plan in plans_of(rita, query, **filters):
                assert not read_whole(plan), plan


@pytest.mark.usefixtures("many")
def test_no_search_reads_all_titles() -> None:
    for query in ("needle", "ne", "針", "needle 針"):
        with CaptureQueriesContext(connection) as queries:
            assert len(matching.match_titles(query)) == 1
        for plan in plans(queries):
            assert not read_whole(plan), plan


@pytest.mark.usefixtures("many")
def test_what_is_rare_is_found_by_an_index() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Among so few rows a walk through the primary key is as good.
            cursor.execute("SET LOCAL enable_indexscan = off")
    for query, index in (("needle", "trigrams"), ("針", "grams")):
        with CaptureQueriesContext(connection) as queries:
            assert len(matching.match_messages(parse_terms(query))) == 1
        found = plans(queries)
        assert any(f"review_message_{index}" in plan for plan in found), found


@pytest.mark.usefixtures("many")
def test_what_is_frequent_is_not_sorted(rita: User) -> None:
    for query in ("message", "me", "message e"):
        assert len(search_messages(rita, MessageSearch(parse_terms(query))).rows) == SIZE
        # The last reads the messages of a page.
        for plan in plans_of(rita, query)[:-1]:
            assert "TEMP B-TREE" not in plan
            assert "Sort Key: review_messagedocument" not in plan
