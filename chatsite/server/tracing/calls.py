"""What is asked of the database and of other servers in the course of a request or a reply.

Of a statement its verb and the first table are said, never the statement: ours have literals. Of an
address the host is, as paths and queries may hold a secret.
"""

import functools
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests
from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from chatsite.core.tracing import open_call

VERBS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "SAVEPOINT", "RELEASE"})
TABLE = re.compile(r'"?\b([a-z_]+)\b"?')
FIRST_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+" + TABLE.pattern)


def trace_queries() -> None:
    """Those of all connections from now on."""
    connection_created.connect(_trace_connection, dispatch_uid="tracing")
    for connection in connections.all(initialized_only=True):
        _trace_connection(None, connection)


def _trace_connection(sender: object, connection: BaseDatabaseWrapper, **_: object) -> None:
    if trace_query not in connection.execute_wrappers:
        connection.execute_wrappers.append(trace_query)


def trace_query(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    verb, table = describe_statement(sql)
    values = {"db.system.name": context["connection"].vendor, "db.operation.name": verb}
    if table:
        values["db.collection.name"] = table
    with open_call(f"{verb} {table}".strip(), values):
        return execute(sql, params, many, context)


def describe_statement(sql: Any) -> tuple[str, str]:
    """Return its verb and its first table, where they are known ones."""
    statement = sql if isinstance(sql, str) else ""
    verb = statement[:20].split(None, 1)[0].upper() if statement.strip() else ""
    found = FIRST_TABLE.search(statement)
    table = found[1] if found and found[1] in list_tables() else ""
    return verb if verb in VERBS else "other", table


@functools.cache
def list_tables() -> frozenset[str]:
    return frozenset(model._meta.db_table for model in apps.get_models(include_auto_created=True))


def trace_http_calls() -> None:
    """Those that anything makes with `requests`: to the model, and to an identity provider."""
    send = requests.Session.send

    @functools.wraps(send)
    def traced(
        session: requests.Session, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        parts, method = urlsplit(request.url or ""), request.method or ""
        values: dict[str, str | int] = {
            "http.request.method": method,
            "server.address": parts.hostname or "",
            "server.port": parts.port or (443 if parts.scheme == "https" else 80),
        }
        with open_call(method, values) as span:
            response = send(session, request, **options)
            span.set({"http.response.status_code": response.status_code})
            return response

    requests.Session.send = traced  # type: ignore[method-assign, assignment]
