"""A field that holds the bigrams of a text: numbers that stand for its characters and pairs of
characters (`search/normalizing.py`), in the form that the database's index takes.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    BaseField = models.Field[Iterable[int], Any]
else:
    BaseField = models.Field


class GramsField(BaseField):
    """PostgreSQL: an array of integers, for GIN. SQLite: words, for FTS5."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "integer[]" if connection.vendor == "postgresql" else "text"

    def to_python(self, value: Any) -> Any:
        """Return the numbers, of whichever database the value is."""
        return [int(word, 16) for word in value.split()] if isinstance(value, str) else value

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        if connection.vendor == "postgresql":
            return list(value)
        return " ".join(map(to_word, value))


@GramsField.register_lookup
class ContainsAll(models.Lookup[Any]):
    """PostgreSQL: all of these bigrams are among a text's."""

    lookup_name = "contains_all"

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @> {right}::integer[]", [*left_params, *right_params]


def to_word(bigram: int) -> str:
    """Write a bigram in letters and digits only, which FTS5's tokenizer takes as one word."""
    return f"{bigram:x}"
