"""Parameters in words: what a value is, what is sent, and who has set it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from conversations.parameters.definitions import (
    DEFINITIONS,
    FORMATS,
    JSON_SCHEMA,
    MAX_TOKENS,
    Definition,
    Value,
    read_schema,
)
from conversations.parameters.effective import Effective, Source, list_kept
from conversations.parameters.models import Rule

BREAKS = (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"))


def format_number(number: float | Decimal) -> str:
    """Return it with as many places as it has, and thousands set apart."""
    return str(number_format(Decimal(str(number)).normalize(), use_l10n=True, force_grouping=True))


def format_value(definition: Definition, value: Value) -> str:
    match value:
        case dict():
            return format_format(value)
        case list():
            return ", ".join(f"“{escape_breaks(word)}”" for word in value)
        case _ if definition is MAX_TOKENS:
            return _("%(count)s tokens") % {"count": format_number(value)}
        case _:
            return format_number(value)


def format_format(value: dict[str, Any]) -> str:
    title = (read_schema(value) or {}).get("title") if value["type"] == JSON_SCHEMA else None
    if isinstance(title, str) and title:
        return _("JSON by the schema “%(title)s”") % {"title": title[:80]}
    return str(FORMATS[value["type"]])


def escape_breaks(word: str) -> str:
    """Return a stop word as it is typed."""
    for character, typed in BREAKS:
        word = word.replace(character, typed)
    return word


def describe_model_default(definition: Definition) -> str:
    if definition.default_words or definition.default is None:
        return str(definition.default_words)
    return format_number(definition.default)


def describe_default(definition: Definition, rule: Rule, of_assistant: Value | None = None) -> str:
    """Return what holds where nothing is typed, as the field says it while it is empty."""
    if of_assistant is not None:
        return _("From the assistant (%(value)s)") % {
            "value": format_value(definition, of_assistant)
        }
    if rule.default is None:
        return _("Default (%(value)s)") % {"value": describe_model_default(definition)}
    return _("Default (%(value)s)") % {"value": format_value(definition, rule.default)}


def describe_range(definition: Definition, rule: Rule) -> str:
    if not definition.is_number:
        return ""
    return _("From %(least)s to %(most)s.") % {
        "least": format_number(rule.least),
        "most": format_number(rule.most),
    }


def describe_effective(each: Effective) -> str:
    """Return what is sent and where it comes from, in a sentence."""
    if each.value is None:
        sentence = _("Not sent: the model’s default.")
    else:
        value = format_value(each.definition, each.value)
        sentence = {
            Source.SITE: _("Sent: %(value)s, as set for this site."),
            Source.ASSISTANT: _("Sent: %(value)s, from the assistant."),
            Source.CONVERSATION: _("Sent: %(value)s, as set for this conversation."),
            Source.REPLY: _("Sent: %(value)s, for this reply alone."),
        }.get(each.source, "%(value)s") % {"value": value}
    if each.asked is None:
        return sentence
    asked = _("What was set before, %(value)s, is not allowed any more.") % {
        "value": format_value(each.definition, each.asked)
    }
    return f"{sentence} {asked}"


def list_parameter_details(kept: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    """Yield what a reply was made with, for its details."""
    for each in list_kept(kept):
        if each.value is None:
            value = describe_model_default(each.definition)
        else:
            value = format_value(each.definition, each.value)
        who = {
            Source.SITE: _("the site’s"),
            Source.ASSISTANT: _("the assistant’s"),
            Source.CONVERSATION: _("the conversation’s"),
            Source.REPLY: _("this reply’s"),
        }.get(each.source)
        if each.asked is not None:
            who = _("%(value)s was not allowed") % {
                "value": format_value(each.definition, each.asked)
            }
        yield str(each.definition.label), f"{value} ({who})" if who else value


def describe_for_reply(kept: dict[str, Any] | None) -> list[str]:
    """Return what a reply alone was made with, in words."""
    return [
        f"{each.definition.label} {format_value(each.definition, each.value)}"
        for each in list_kept(kept)
        if each.source is Source.REPLY and each.value is not None
    ]


def describe_own(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the values that a conversation has of its own, as labels and words."""
    return [
        (str(each.label), format_value(each, values[each.name]))
        for each in DEFINITIONS
        if each.accepts(values.get(each.name))
    ]
