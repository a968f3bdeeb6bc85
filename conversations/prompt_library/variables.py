"""What a prompt leaves open: `{{topic}}`, `{{tone | select:options="formal,friendly"}}`.

    placeholder = "{{" name [ "|" kind ] { ":" property [ "=" value ] } "}}"
    kind        = "text" | "textarea" | "select" | "date" | "number" | "email" | "url" | "tel"
    property    = "placeholder" | "default" | "options" | "required"
    value       = JSON string | JSON list of strings | word without a space or a colon

It is what prompts of Open WebUI have. Braces and line breaks are in none of it, so that a text is
read once from its beginning to its end. What isn't of this form is text as any other. `{{today}}`
and `{{clipboard}}` are filled without being asked for.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chatsite.core.storable import is_storable

NAME_LENGTH = 60
SOURCE_LENGTH = 2_000
MOST_VARIABLES = 20
MOST_OPTIONS = 50
# What can come of one text, whose every variable may be in it many times.
MOST_CHARACTERS = 200_000

PLACEHOLDER = re.compile(r"\{\{([^{}\n]*)\}\}")
NAME = re.compile(r"[^\W\d_][\w-]*(?: [\w-]+)*")
PROPERTY = re.compile(
    r"""\s*:\s*([a-z]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|\[(?:[^][\\"]|"(?:[^"\\]|\\.)*")*\]|[^\s:"[]+))?"""
)


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "textarea"
    CHOICE = "select"
    DATE = "date"
    NUMBER = "number"
    EMAIL = "email"
    URL = "url"
    PHONE = "tel"


# By the name that each has in a prompt, in small letters.
TODAY = {"today", "current_date"}
CLIPBOARD = {"clipboard"}


@dataclass(frozen=True)
class Variable:
    name: str
    kind: Kind = Kind.TEXT
    placeholder: str = ""
    default: str = ""
    options: tuple[str, ...] = ()
    is_required: bool = False

    @property
    def is_today(self) -> bool:
        return self.name.lower() in TODAY

    @property
    def is_clipboard(self) -> bool:
        return self.name.lower() in CLIPBOARD

    @property
    def label(self) -> str:
        words = self.name.replace("_", " ").replace("-", " ")
        return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class Part:
    """A piece of a text; of a variable where it has one."""

    source: str
    variable: str = ""


@dataclass(frozen=True)
class Template:
    """A text in parts, its variables in their order, and what looks like one and is none."""

    parts: tuple[Part, ...]
    variables: tuple[Variable, ...]
    unknown: tuple[str, ...]

    @property
    def asked(self) -> tuple[Variable, ...]:
        """Those that somebody is asked for."""
        return tuple(each for each in self.variables if not each.is_today)


class TooLongError(ValueError):
    """What comes of the text is too long."""


def parse(text: str) -> Template:
    parts: list[Part] = []
    found: dict[str, Variable] = {}
    unknown: dict[str, None] = {}
    end = 0
    for match in PLACEHOLDER.finditer(text):
        variable = read_placeholder(match[1])
        if variable is None or (variable.name not in found and len(found) == MOST_VARIABLES):
            unknown[match[0]] = None
            continue
        if begun := text[end : match.start()]:
            parts.append(Part(begun))
        parts.append(Part(match[0], variable.name))
        end = match.end()
        # The first that says more than its name is what is meant everywhere.
        known = found.get(variable.name)
        if known is None or known == Variable(known.name):
            found[variable.name] = variable
    if rest := text[end:]:
        parts.append(Part(rest))
    return Template(tuple(parts), tuple(found.values()), tuple(unknown))


def read_placeholder(inner: str) -> Variable | None:
    """Return what stands between the braces, None where that is no variable."""
    if len(inner) > SOURCE_LENGTH:
        return None
    name, bar, rest = inner.partition("|")
    name = name.strip()
    if len(name) > NAME_LENGTH or not NAME.fullmatch(name):
        return None
    if not bar:
        return Variable(name)
    kind, _colon, _rest = rest.partition(":")
    try:
        return make_variable(name, Kind(kind.strip()), read_properties(rest[len(kind) :]))
    except ValueError:
        return None


def read_properties(source: str) -> dict[str, str | list[str]]:
    """Raises ValueError."""
    found: dict[str, str | list[str]] = {}
    end = 0
    while match := PROPERTY.match(source, end):
        value = match[2]
        found[match[1]] = read_value(value) if value else ""
        end = match.end()
    if source[end:].strip():
        raise ValueError("no property")
    return found


def read_value(source: str) -> str | list[str]:
    """Raises ValueError."""
    if source[0] not in '"[':
        return source
    value = json.loads(source)
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) and is_storable(each) for each in texts):
        raise ValueError("no texts, or with what can’t be sent")
    found: str | list[str] = value
    return found


def make_variable(name: str, kind: Kind, properties: Mapping[str, str | list[str]]) -> Variable:
    """Raises ValueError."""
    if properties.keys() - {"placeholder", "default", "options", "required"}:
        raise ValueError("an unknown property")
    placeholder, default = properties.get("placeholder", ""), properties.get("default", "")
    if isinstance(placeholder, list) or isinstance(default, list):
        raise ValueError("several texts where one is")
    options = properties.get("options", [])
    if isinstance(options, str):
        options = options.split(",")
    options = list(dict.fromkeys(each.strip() for each in options if each.strip()))
    if (kind is Kind.CHOICE) != bool(options) or len(options) > MOST_OPTIONS:
        raise ValueError("a choice has options, and nothing else")
    if default and kind is Kind.CHOICE and default not in options:
        raise ValueError("no option is the default")
    if default and kind is Kind.DATE:
        date.fromisoformat(default)
    is_required = properties.get("required", "false") in ("", "true")
    return Variable(name, kind, placeholder, default, tuple(options), is_required)


def fill(template: Template, values: Mapping[str, str]) -> str:
    """Return the text with the variables' values, which are texts and nothing more: none of them is
    read as a prompt again. Raises TooLongError.
    """
    filled = [
        values.get(part.variable, "") if part.variable else part.source for part in template.parts
    ]
    if sum(map(len, filled)) > MOST_CHARACTERS:
        raise TooLongError
    return "".join(filled)


def fill_today(template: Template, today: date) -> dict[str, str]:
    """Return what needs no asking."""
    return {each.name: today.isoformat() for each in template.variables if each.is_today}
