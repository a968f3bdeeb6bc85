"""What the parameters of a request do to its reply: little, and that exactly."""

from collections.abc import Mapping, Sequence
from typing import Any

from conversations.offline_model.json_encoding import encode_json
from conversations.offline_model.tokens import split_tokens

# What a request says beside its parameters.
OTHERS = {"model", "messages", "stream", "stream_options", "response_format"}
EXAMPLES: dict[str, Any] = {
    "string": "offline",
    "number": 0.5,
    "integer": 1,
    "boolean": True,
    "array": [],
    "null": None,
}
MOST_DEPTH = 10


def list_sent_parameters(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return those that a reply speaks of."""
    return {name: value for name, value in body.items() if name not in OTHERS}


def end_at_stop(tokens: Sequence[str], stop: str | Sequence[str] | None) -> Sequence[str]:
    """Return what comes before the first of the stop words."""
    if not stop:
        return tokens
    text = "".join(tokens)
    found = [text.find(word) for word in ([stop] if isinstance(stop, str) else stop) if word]
    ends = [place for place in found if place >= 0]
    return split_tokens(text[: min(ends)]) if ends else tokens


def compose_json(response_format: Mapping[str, Any] | None, sent: Mapping[str, Any]) -> str | None:
    """Return a reply in the form that is asked for; None where that is text."""
    match (response_format or {}).get("type"):
        case "json_object":
            return encode_json({"model": "offline", "parameters": sent}).decode()
        case "json_schema":
            schema = (response_format or {})["json_schema"]["schema"]
            return encode_json(make_example(schema)).decode()
    return None


def make_example(schema: Any, depth: int = 0) -> Any:
    """Return something with the names and types of a schema; of nothing else it says."""
    if not isinstance(schema, dict) or depth > MOST_DEPTH:
        return None
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: make_example(each, depth + 1) for name, each in properties.items()}
    return EXAMPLES.get(kind)
