"""How the databases say they would go about queries."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Virtual tables are scanned by an index of their own.
WHOLE = re.compile(r"Seq Scan on (\w+)|SCAN (?!\w+ (?:VIRTUAL TABLE )?(?:USING )?INDEX)(\w+)")
LARGE = {"review_messagedocument", "review_titledocument", "conversations_message"}


def plans(queries: CaptureQueriesContext) -> list[str]:
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    made = []
    with connection.cursor() as cursor:
        for query in list(queries):
            cursor.execute(f"{explain} {query['sql']}")
            made.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
    return made


def read_whole(plan: str) -> set[str]:
    return {name for names in WHOLE.findall(plan) for name in names} & LARGE


def expect_many_rows() -> None:
    """Tests have too few rows for an index to pay on PostgreSQL."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("SET LOCAL enable_seqscan = off")
