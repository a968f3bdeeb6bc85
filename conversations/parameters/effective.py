"""Which value of a parameter is sent, and where it comes from.

Layers lie upon each other: what the model does by itself, the site, the assistant, the
conversation, this one reply. The policy is asked when a reply is begun, and not only when a value
is saved: bounds may have been narrowed since. A number beyond them becomes the nearest that is
allowed, which is as near as can be to what was meant; anything else that isn't allowed is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from conversations.parameters.definitions import (
    BY_NAME,
    DEFINITIONS,
    JSON_OBJECT,
    JSON_SCHEMA,
    MAX_TOKENS,
    RESPONSE_FORMAT,
    Definition,
    Value,
    read_format,
    read_schema,
)
from conversations.parameters.models import ParameterPolicy, Rule

NONE: Mapping[str, Any] = {}
NAME_LENGTH = 64  # of a schema, at OpenAI's API
NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


class Source(StrEnum):
    MODEL = "model"
    SITE = "site"
    ASSISTANT = "assistant"
    CONVERSATION = "conversation"
    REPLY = "reply"


type Layer = tuple[Source, Mapping[str, Any]]
"""Values by name; None takes back what the layers beneath have."""


@dataclass(frozen=True)
class Effective:
    """`value` is sent; where it is None, nothing is, and the model's own default holds. `asked` is
    what was asked for, where the policy doesn't allow that.
    """

    definition: Definition
    source: Source
    value: Value | None = None
    asked: Value | None = None


def resolve(
    layers: Iterable[Layer],
    policy: ParameterPolicy | None = None,
    *,
    longest_reply: int | None = None,
) -> list[Effective]:
    """Return what is sent of each parameter; the layers above the site's, the last one on top.
    `longest_reply`: the tokens that the model can write, where that is known.
    """
    policy = policy or ParameterPolicy.current()
    layers = list(layers)
    found = [resolve_one(each, layers, policy.find_rule(each)) for each in DEFINITIONS]
    return [limit_length(each, longest_reply) for each in found] if longest_reply else found


def limit_length(each: Effective, longest_reply: int) -> Effective:
    """Return no longer reply than the model can write; what nobody has limited stays so."""
    value = each.value
    is_longer = isinstance(value, int) and value > longest_reply
    if each.definition is not MAX_TOKENS or not is_longer:
        return each
    return replace(each, value=longest_reply, asked=each.asked or value)


def resolve_one(definition: Definition, layers: list[Layer], rule: Rule) -> Effective:
    source, asked = find_asked(definition, layers)
    if asked is not None and rule.is_changeable:
        allowed = limit(definition, asked, rule)
        return Effective(definition, source, allowed, None if allowed == asked else asked)
    # The model's own default is sent as well, where it is beyond the site's bounds.
    default: Value | None = definition.default if rule.default is None else rule.default
    value = None if default is None else limit(definition, default, rule)
    if rule.default is None and value == definition.default:
        return Effective(definition, Source.MODEL, asked=asked)
    return Effective(definition, Source.SITE, value, asked)


def find_asked(definition: Definition, layers: list[Layer]) -> tuple[Source, Value | None]:
    """Return what the topmost layer that says something wants, and which that is."""
    for source, values in reversed(layers):
        if definition.name in values:
            value = values[definition.name]
            return source, value if definition.accepts(value) else None
    return Source.MODEL, None


def limit(definition: Definition, value: Value, rule: Rule) -> Value:
    if not definition.is_number or not isinstance(value, int | float):
        return value
    within = min(max(Decimal(str(value)), rule.least), rule.most)
    return value if within == Decimal(str(value)) else definition.to_number(within)


# What a reply keeps (`Message.parameters`): by name, what was sent as "value", who had set it as
# "from", and what had been asked for as "asked", where that is another. Null where there is none.


def freeze(effective: Iterable[Effective]) -> dict[str, Any] | None:
    kept = {
        each.definition.name: {
            key: value
            for key, value in {
                "value": each.value,
                "from": each.source.value,
                "asked": each.asked,
            }.items()
            if value is not None
        }
        for each in effective
        if each.value is not None or each.asked is not None
    }
    return kept or None


def thaw(kept: Mapping[str, Any]) -> list[Layer]:
    """Return what a reply was asked for, as layers: the site's are those of today."""
    sources = (Source.ASSISTANT, Source.CONVERSATION, Source.REPLY)
    asked: dict[Source, dict[str, Any]] = {source: {} for source in sources}
    for name, entry in kept.items():
        if (source := Source(entry["from"])) in asked:
            asked[source][name] = entry.get("asked", entry.get("value"))
    return list(asked.items())


def layer_conversation(
    own: Mapping[str, Any], of_assistant: Mapping[str, Any] = NONE
) -> list[Layer]:
    return [(Source.ASSISTANT, of_assistant), (Source.CONVERSATION, own)]


def layer_reply(
    own: Mapping[str, Any], values: Mapping[str, Any], of_assistant: Mapping[str, Any] = NONE
) -> list[Layer]:
    """Return the layers of a reply that has `values`, and nothing else but what its assistant has,
    in a conversation with its own: what is the same there is the conversation's.
    """
    names = own.keys() | values.keys()
    changed = {
        name: values.get(name, of_assistant.get(name))
        for name in names
        if own.get(name) != values.get(name)
    }
    return [*layer_conversation(own, of_assistant), (Source.REPLY, changed)]


def make_request(kept: Mapping[str, Any] | None, *, is_continued: bool = False) -> dict[str, Any]:
    """Return what a reply was begun with in the form of the API. One that is continued goes on in
    the middle of its text, where no JSON can begin: what it is to be is seen from its beginning.
    """
    sent = {name: entry["value"] for name, entry in (kept or {}).items() if "value" in entry}
    chosen = sent.pop(RESPONSE_FORMAT.name, None)
    if chosen is not None and not is_continued:
        sent[RESPONSE_FORMAT.name] = make_format(chosen)
    return sent


def make_format(chosen: Mapping[str, Any]) -> dict[str, Any]:
    if chosen["type"] != JSON_SCHEMA:
        return {"type": chosen["type"]}
    schema = read_schema(chosen) or {}
    named = {
        "name": make_schema_name(schema.get("title")),
        "schema": schema,
        "strict": bool(chosen.get("strict")),
    }
    return {"type": JSON_SCHEMA, JSON_SCHEMA: named}


def make_schema_name(title: object) -> str:
    """Return what the API takes for a name: the schema's title, as far as it can be one."""
    kept = "".join(
        character if character in NAME_CHARACTERS else "_" for character in str(title or "")
    )
    return kept.strip("_")[:NAME_LENGTH] or "reply"


def wants_json_word(kept: Mapping[str, Any] | None) -> bool:
    """Return whether the API refuses a request in whose messages nothing says "JSON"."""
    return read_format(kept) == JSON_OBJECT


def list_kept(kept: Mapping[str, Any] | None) -> list[Effective]:
    """Return what a reply was made with, in the order of the table."""
    found = kept or {}
    return [
        Effective(
            BY_NAME[name],
            Source(found[name]["from"]),
            found[name].get("value"),
            found[name].get("asked"),
        )
        for name in BY_NAME
        if name in found
    ]
