"""Whether a text is a JSON schema that can be sent. Runs in the helper process only: what is read
here somebody has typed. Knows nothing of Django.

It says what is wrong first, and where; and whether a service that promises to keep to a schema
(OpenAI's `strict`) would take it. Libraries check a schema by one of their own, and say of a wrong
type that it is "not valid under any of the given schemas".
"""

import json
import math
from collections.abc import Iterator
from typing import Any

MAX_DEPTH = 30
TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}
# What each keyword holds.
SCHEMAS = {
    *("additionalProperties", "items", "not", "contains", "propertyNames", "if", "then", "else"),
    *("additionalItems", "unevaluatedItems", "unevaluatedProperties"),
}
LISTS = {"allOf", "anyOf", "oneOf", "prefixItems"}
MAPS = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
STRINGS = {"title", "description", "pattern", "format", "$comment", "$schema", "$anchor"}
COUNTS = {
    *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
    *("minContains", "maxContains"),
}
NUMBERS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
FLAGS = {"uniqueItems", "deprecated", "readOnly", "writeOnly"}
REFERENCES = {"$ref", "$dynamicRef", "$recursiveRef", "$id"}
# What OpenAI documents for schemas that it keeps to.
STRICT = {
    *("type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf"),
    *("$ref", "$defs", "definitions", "title", "description", "pattern", "format", "minItems"),
    *("maxItems", *NUMBERS),
}


class SchemaError(Exception):
    """What is wrong: a code, where, and what stands there."""

    def __init__(self, code: str, path: str = "", detail: str = "") -> None:
        super().__init__(code, path, detail)
        self.answer = {"code": code, "path": path, "detail": detail[:80]}


def answer_request(request: bytes) -> bytes:
    """Take the text, and give what is wrong with it, or whether it is strict; as JSON."""
    try:
        answer: dict[str, Any] = {"strict": check(request.decode())}
    except SchemaError as error:
        answer = error.answer
    except RecursionError:
        answer = SchemaError("too_deep").answer
    return json.dumps(answer).encode()


def check(text: str) -> bool:
    """Return whether it is strict. Raises SchemaError."""
    schema = parse(text)
    if not isinstance(schema, dict):
        raise SchemaError("no_object")
    check_text(schema)
    parts = list(walk(schema, ""))
    for path, part in parts:
        check_part(path, part)
    check_references(schema, parts)
    if schema.get("type") != "object":
        raise SchemaError("root")
    return all(is_strict(path, part) for path, part in parts)


def parse(text: str) -> Any:
    def make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            names = [name for name, _value in pairs]
            raise SchemaError("twice", detail=next(n for n in names if names.count(n) > 1))
        return made

    def refuse(constant: str) -> Any:
        raise SchemaError("number", detail=constant)

    def read_number(digits: str) -> float:
        number = float(digits)
        return number if math.isfinite(number) else refuse(digits)

    try:
        return json.loads(
            text, object_pairs_hook=make_object, parse_constant=refuse, parse_float=read_number
        )
    except json.JSONDecodeError as error:
        raise SchemaError("syntax", f"{error.lineno}:{error.colno}", error.msg) from None
    except ValueError:
        # A whole number of thousands of digits.
        raise SchemaError("number", detail=text) from None


def check_text(value: Any) -> None:
    """PostgreSQL keeps no NUL, half a surrogate pair has no UTF-8, and what is nested without end
    is no more for whoever reads it later.
    """
    waiting = [(value, 0)]
    while waiting:
        each, depth = waiting.pop()
        if depth > 2 * MAX_DEPTH:
            raise SchemaError("too_deep")
        if isinstance(each, dict):
            waiting += [(inner, depth + 1) for inner in (*each, *each.values())]
        elif isinstance(each, list):
            waiting += [(inner, depth + 1) for inner in each]
        elif isinstance(each, str) and any(
            character == "\0" or "\ud800" <= character <= "\udfff" for character in each
        ):
            raise SchemaError("character")


def walk(schema: Any, path: str, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield the schema and all within it, outer ones first, each with where it is."""
    if depth > MAX_DEPTH:
        raise SchemaError("too_deep", path)
    yield path, schema
    if not isinstance(schema, dict):
        return
    for name, value in schema.items():
        inner = join(path, name)
        if name in MAPS and isinstance(value, dict):
            for key, each in value.items():
                yield from walk(each, join(inner, key), depth + 1)
        elif isinstance(value, list) and (name in LISTS or name == "items"):
            for index, each in enumerate(value):
                yield from walk(each, join(inner, str(index)), depth + 1)
        elif name in SCHEMAS:
            yield from walk(value, inner, depth + 1)


def check_part(path: str, part: Any) -> None:
    if isinstance(part, bool):
        return
    if not isinstance(part, dict):
        raise SchemaError("no_schema", path)
    for name, value in part.items():
        if code := find_mistake(name, value):
            raise SchemaError(code, join(path, name), show(value))


def find_mistake(name: str, value: Any) -> str:
    """Return what is wrong with the value of a keyword; "" where nothing is, or where nothing is
    known of it, as schemas may have names of their own.
    """
    if name == "type":
        types = value if isinstance(value, list) else [value]
        return "" if types and all(isinstance(t, str) and t in TYPES for t in types) else "type"
    checks = {
        "no_map": (MAPS, isinstance(value, dict)),
        "no_list": (LISTS, isinstance(value, list) and bool(value)),
        "no_string": (STRINGS | REFERENCES, isinstance(value, str)),
        "no_count": (COUNTS, is_whole(value) and value >= 0),
        "no_number": (NUMBERS, is_number(value)),
        "no_flag": (FLAGS, isinstance(value, bool)),
        "no_names": ({"required"}, are_names(value)),
        "no_values": ({"enum"}, isinstance(value, list) and bool(value)),
    }
    return next((code for code, (names, fits) in checks.items() if name in names and not fits), "")


def check_references(root: dict[str, Any], parts: list[tuple[str, Any]]) -> None:
    """A reference leads to a part of this schema, and nowhere else: nothing is fetched."""
    for path, part in parts:
        if not isinstance(part, dict):
            continue
        for name in REFERENCES & part.keys():
            target = part[name]
            # An `$id` would give the others another place to be read from.
            if name == "$id" or not target.startswith("#"):
                raise SchemaError("remote", join(path, name), target)
            if name == "$ref" and not leads_somewhere(root, target):
                raise SchemaError("missing", join(path, name), target)


def leads_somewhere(root: Any, reference: str) -> bool:
    found = root
    if reference == "#":
        return True
    if not reference.startswith("#/"):
        return False
    for step in reference[2:].split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isdecimal() and int(name[:9]) < len(found):
            found = found[int(name[:9])]
        else:
            return False
    return isinstance(found, dict | bool)


def is_strict(path: str, part: Any) -> bool:
    """Return whether a service can promise to keep to it: every property is there, and no other."""
    if isinstance(part, bool):
        # Of more properties, the object that may have none says so.
        return path.endswith("/additionalProperties") and "/properties/additional" not in path
    if not STRICT.issuperset(part):
        return False
    types = part.get("type")
    if types != "object" and not (isinstance(types, list) and "object" in types):
        return "properties" not in part
    properties = part.get("properties", {})
    return part.get("additionalProperties") is False and set(part.get("required", [])) == set(
        properties
    )


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def are_names(value: Any) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(name, str) for name in value)
        and len(set(value)) == len(value)
    )


def join(path: str, name: str) -> str:
    return f"{path}/{name.replace('~', '~0').replace('/', '~1')}"


def show(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:80]
