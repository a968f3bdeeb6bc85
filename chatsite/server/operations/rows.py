"""The rows of a table in a form that is the same for each kind of database: a list of what JSON
knows, a value for each column.
"""

import base64
import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db import connections, models
from django.db.models.expressions import Value

type Row = list[Any]
type Model = type[models.Model]

# Rows read and written at a time.
BATCH = 2_000


def list_fields(model: Model) -> list[models.Field[Any, Any]]:
    """Return the fields that have a column and aren't made by the database itself."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def read_rows(model: Model, alias: str) -> Iterator[Row]:
    """Yield what is in the table, in no certain order, without holding all of it in memory."""
    fields = list_fields(model)
    names = [field.attname for field in fields]
    rows = model._base_manager.using(alias).order_by().values_list(*names)
    for row in rows.iterator(chunk_size=BATCH):
        yield [encode(field, value) for field, value in zip(fields, row, strict=True)]


def write_rows(model: Model, rows: Iterable[Row], alias: str) -> None:
    """Insert them as they are, ids included."""
    connection = connections[alias]
    fields = list_fields(model)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        for batch in batched(rows):
            cursor.executemany(
                statement,
                [
                    [
                        field.get_db_prep_save(decode(field, value), connection)
                        for field, value in zip(fields, row, strict=True)
                    ]
                    for row in batch
                ],
            )


def batched(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def encode(field: models.Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    value = field.to_python(value)
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case dt.date() | dt.time():
            return value.isoformat()
        case Decimal() | uuid.UUID():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
        case str() | bool() | int() | float() | list():
            return value
    raise TypeError(f"{field} has a value that no archive can hold: {type(value).__name__}")


def decode(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.JSONField):
        # Plain None would be NULL, which isn't what JSON's null is stored as.
        return Value(None, field) if value is None and not field.null else value
    return None if value is None else field.to_python(value)


def dump_row(row: Row) -> bytes:
    """One line, the same for equal rows."""
    return json.dumps(row, sort_keys=True, separators=(",", ":")).encode()


class TableSum:
    """How many rows there are and what is in them, in whatever order they come."""

    def __init__(self) -> None:
        self.count = self._sum = 0

    def add(self, line: bytes) -> None:
        self.count += 1
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(line).digest())) % (1 << 256)

    def as_json(self) -> dict[str, Any]:
        return {"rows": self.count, "sum": f"{self._sum:064x}"}

    def count_all(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Pass them on."""
        for row in rows:
            self.add(dump_row(row))
            yield row
