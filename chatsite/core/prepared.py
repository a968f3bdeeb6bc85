"""Queries that are written once: on the way to a reply's first word Django takes longer to write
the SQL of a small query than a database to answer it.

A queryset is compiled the first time it is asked for, with slots for what differs from time to
time; later only the values are put in. What it returns is what the queryset would.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.fetch_modes import FETCH_ONE
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery
from django.db.models.sql.compiler import SQLCompiler

# A whole number in a database: people may send any in an address.
LARGEST = 2**63 - 1


class Slot(Expression):
    """Stands in a queryset for a value that comes when it is asked; raw SQL may have one among its
    parameters. The field says how the database is given the value.
    """

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return "%s", (self,)

    def prepare(self, value: Any) -> Any:
        return self.output_field.get_db_prep_value(value, connection)


@dataclass(frozen=True)
class Compiled:
    sql: str
    parameters: Sequence[Any]
    columns: Sequence[str]  # of the model itself
    span: slice
    converters: Sequence[tuple[int, Any, Any]]
    populators: Sequence[Any]


class PreparedQuery[M: Model]:
    """`build` makes the queryset, of slots alone: it is called once. May be used from any
    thread.
    """

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        self._build = build
        self._compiled: Compiled | None = None
        self._model: type[M]

    def fetch(self, **values: Any) -> list[M]:
        """Return what the queryset finds, with these values in the slots of these names: nothing,
        where a number is one that no column holds.
        """
        if any(isinstance(value, int) and abs(value) > LARGEST for value in values.values()):
            return []
        compiled = self._compiled or self._compile()
        parameters = [
            each.prepare(values[each.name]) if isinstance(each, Slot) else each
            for each in compiled.parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, parameters)
            rows = cursor.fetchall()
        return [self._make(compiled, list(row)) for row in rows]

    def find(self, **values: Any) -> M | None:
        """Return the first of them."""
        return next(iter(self.fetch(**values)), None)

    def _make(self, compiled: Compiled, row: list[Any]) -> M:
        for position, converters, expression in compiled.converters:
            for convert in converters:
                row[position] = convert(row[position], expression, connection)
        made = self._model.from_db(
            connection.alias, compiled.columns, row[compiled.span], fetch_mode=FETCH_ONE
        )
        for populator in compiled.populators:
            populator.populate(row, made)
        return made

    def _compile(self) -> Compiled:
        queryset = self._build()
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        select, info = compiler.select, compiler.klass_info
        fields = info["select_fields"]
        span = slice(fields[0], fields[-1] + 1)
        converters = compiler.get_converters([column for column, *_rest in select])
        self._model = queryset.model
        self._compiled = Compiled(
            sql,
            tuple(parameters),
            [column.target.attname for column, *_rest in select[span]],
            span,
            [(position, *each) for position, each in converters.items()],
            get_related_populators(info, select, connection.alias, FETCH_ONE),
        )
        return self._compiled


class PreparedInsert[M: Model]:
    """Inserts instances whose key the database gives. No signals are sent."""

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._sql = ""

    def insert(self, made: M) -> M:
        """Save an instance that is new; return it."""
        fields = [
            field for field in self._model._meta.local_concrete_fields if not field.primary_key
        ]
        sql = self._sql or self._compile(made, fields)
        values = [
            field.get_db_prep_save(field.pre_save(made, add=True), connection) for field in fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            (made.pk,) = cursor.fetchone()
        made._state.adding, made._state.db = False, connection.alias
        return made

    def _compile(self, made: M, fields: Sequence[Field[Any, Any]]) -> str:
        query = InsertQuery(self._model)
        query.insert_values(fields, [made])
        compiler = query.get_compiler(connection=connection)
        compiler.returning_fields = [self._model._meta.pk]
        ((self._sql, _values),) = compiler.as_sql()
        return self._sql
