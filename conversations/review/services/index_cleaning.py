"""Deleted text, out of the search index: FTS5 keeps fragments of it until it is merged."""

from django.db import connection

from conversations.review.triggers import INDEXED


def clean() -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for _key, indexes in INDEXED.values():
            for index in indexes:
                cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # noqa: S608
