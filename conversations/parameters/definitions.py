"""The parameters that can be set: one table, of what the model's API documents.

A value is a number, a list of words (stop words) or, of the format, `{"type": …}`; that of a schema
has its text as it was typed too, whose order the model keeps to and PostgreSQL would not.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise
else:
    StrPromise = Any

type Value = float | int | list[str] | dict[str, Any]

MOST_WORDS = 4
WORD_LENGTH = 100
SCHEMA_LENGTH = 10_000
"""Characters: each reply keeps the schema that it was made with."""


class Kind(Enum):
    DECIMAL = "decimal"
    WHOLE = "whole"
    WORDS = "words"
    FORMAT = "format"


TEXT, JSON_OBJECT, JSON_SCHEMA = "text", "json_object", "json_schema"
FORMATS: dict[str, StrPromise] = {
    TEXT: pgettext_lazy("form of a reply", "Text"),
    JSON_OBJECT: _("A JSON object"),
    JSON_SCHEMA: _("JSON by a schema"),
}


@dataclass(frozen=True)
class Definition:
    """`default` is what the model does where nothing is sent, None where that is no number; in
    words, it is `default_words`, if it has any. Bounds are those of the API.
    """

    name: str
    kind: Kind
    label: StrPromise
    sentence: StrPromise
    default: float | int | None = None
    default_words: StrPromise | str = ""
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    step: Decimal = Decimal(1)

    @property
    def is_number(self) -> bool:
        return self.kind in (Kind.DECIMAL, Kind.WHOLE)

    def to_number(self, number: Decimal) -> float | int:
        """Return it as JSON has it: whole numbers without a point."""
        return int(number) if number == number.to_integral_value() else float(number)

    def accepts(self, value: object) -> bool:
        """Return whether the API may take a value that somebody has stored, whoever that was."""
        match self.kind:
            case Kind.DECIMAL | Kind.WHOLE:
                return self._accepts_number(value)
            case Kind.WORDS:
                return are_words(value)
            case Kind.FORMAT:
                return is_format(value)

    def _accepts_number(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if isinstance(value, float) and not math.isfinite(value):
            return False
        if self.kind is Kind.WHOLE and not isinstance(value, int):
            return False
        return self.least <= Decimal(value) <= self.most


def are_words(value: object) -> bool:
    return (
        isinstance(value, list)
        and 0 < len(value) <= MOST_WORDS
        and all(isinstance(word, str) and 0 < len(word) <= WORD_LENGTH for word in value)
    )


def is_format(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in FORMATS:
        return False
    return kind != JSON_SCHEMA or read_schema(value) is not None


def read_schema(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the schema of a format; None where there is none that can be sent."""
    text = value.get("schema")
    if not isinstance(text, str) or len(text) > SCHEMA_LENGTH:
        return None
    try:
        schema = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return schema if isinstance(schema, dict) else None


def read_format(kept: Mapping[str, Any] | None) -> str:
    """Return as what a reply was asked for that keeps these parameters."""
    entry = (kept or {}).get("response_format") or {}
    return str((entry.get("value") or {}).get("type", TEXT))


TEMPERATURE = Definition(
    "temperature",
    Kind.DECIMAL,
    _("Temperature"),
    _("How freely words are chosen: lower is more predictable, higher more varied."),
    default=1,
    most=Decimal(2),
    step=Decimal("0.05"),
)
TOP_P = Definition(
    "top_p",
    Kind.DECIMAL,
    _("Top P"),
    _(
        "Only the likeliest words are considered, up to this share of what is likely. Change this "
        "or the temperature, not both."
    ),
    default=1,
    least=Decimal("0.01"),
    most=Decimal(1),
    step=Decimal("0.01"),
)
MAX_TOKENS = Definition(
    "max_tokens",
    Kind.WHOLE,
    _("Longest reply"),
    _("In tokens: 100 are about 75 English words. A longer reply is cut, and can be continued."),
    default=32_768,
    default_words=_("no limit"),
    least=Decimal(1),
    most=Decimal(32_768),
)
STOP = Definition(
    "stop",
    Kind.WORDS,
    _("Stop words"),
    _("A reply ends before the first of these. One a line, at most four; \\n is a line break."),
    default_words=pgettext_lazy("stop words", "none"),
)
SEED = Definition(
    "seed",
    Kind.WHOLE,
    _("Seed"),
    _("With the same seed the same question has much the same reply, as far as the model can."),
    default_words=pgettext_lazy("seed", "random"),
    least=Decimal(1),
    most=Decimal(2**31 - 1),
)
PRESENCE_PENALTY = Definition(
    "presence_penalty",
    Kind.DECIMAL,
    _("Presence penalty"),
    _("Above 0, what was said once is avoided, so that new subjects come up; below 0, kept to."),
    default=0,
    least=Decimal(-2),
    most=Decimal(2),
    step=Decimal("0.1"),
)
FREQUENCY_PENALTY = Definition(
    "frequency_penalty",
    Kind.DECIMAL,
    _("Frequency penalty"),
    _("Above 0, words are avoided the more the oftener they came up; below 0, repeated."),
    default=0,
    least=Decimal(-2),
    most=Decimal(2),
    step=Decimal("0.1"),
)
RESPONSE_FORMAT = Definition(
    "response_format",
    Kind.FORMAT,
    _("Reply as"),
    _(
        "JSON is for programs. For an object the model has to be told so: where no message says "
        "“JSON”, a sentence is added to the last one."
    ),
    default_words=pgettext_lazy("form of a reply", "text"),
)

DEFINITIONS = (
    TEMPERATURE,
    TOP_P,
    MAX_TOKENS,
    STOP,
    SEED,
    PRESENCE_PENALTY,
    FREQUENCY_PENALTY,
    RESPONSE_FORMAT,
)
BY_NAME = {definition.name: definition for definition in DEFINITIONS}
