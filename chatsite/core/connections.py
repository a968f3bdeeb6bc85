"""Giving the database's connection back before the end of a request."""

from django.db import connection


def release_connection() -> None:
    """For a response that goes on for long: a connection held meanwhile is one a page waits for."""
    if not connection.in_atomic_block:
        connection.close()
