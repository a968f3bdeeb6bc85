"""What a transcript asks of the database: few queries, whatever the filters it came by, and none
that reads a table of messages or conversations whole.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatsite.accounts.models import User
from conversations.model_catalog.catalog import read_catalog
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import Review
from tests.factories import make_conversation

TABLES = ("conversations_message", "conversations_conversation", "review_review")
READS_WHOLE = "Seq Scan on {}" if connection.vendor == "postgresql" else "SCAN {}"
EXPLAIN = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"


@pytest.fixture
def talk(alice: User) -> Conversation:
    for number in range(5):
        make_conversation(alice, "Hello", "Hi", title=f"Talk {number}")
    worker.process_outbox()
    return Conversation.objects.earliest("last_activity_at")


@pytest.fixture
def small_tables_by_index(db: None) -> None:
    """PostgreSQL reads a small table whole where it could use an index: here it may not."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")


def queries_of(client: Client, url: str) -> list[str]:
    client.get("/admin/")  # the session has been seen a moment ago
    read_catalog()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def address(talk: Conversation, query: str) -> str:
    person = Review.objects.get(pk=talk.pk).person
    query = query.format(message=talk.leaf_id, person=person)
    return f"/admin/review/review/{talk.pk}/change/?{query}"


@pytest.mark.parametrize("query", ["", "message={message}", "user={person}&message={message}"])
def test_nothing_is_read_whole(
    rita_client: Client, talk: Conversation, small_tables_by_index: None, query: str
) -> None:
    selects = [
        sql
        for sql in queries_of(rita_client, address(talk, query))
        if sql.startswith(("SELECT", "WITH"))
    ]
    with connection.cursor() as cursor:
        for sql in selects:
            cursor.execute(f"{EXPLAIN} {sql}")
            plan = "\n".join(str(row) for row in cursor.fetchall())
            assert not any(READS_WHOLE.format(table) in plan for table in TABLES), f"{sql}\n{plan}"


@pytest.mark.parametrize(
    "query",
    ["message={message}", "user={person}&message={message}", "state=waiting&model=test-model"],
)
def test_an_administrator_s_filters_cost_little(
    ada_client: Client, talk: Conversation, query: str
) -> None:
    assert len(queries_of(ada_client, address(talk, query))) <= 19
