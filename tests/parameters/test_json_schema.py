"""What is said of a JSON schema: what is wrong first, and where; and whether it is strict."""

import json
from typing import Any

import pytest

from conversations.parameters.json_schema import answer_request
from conversations.parameters.schema_check import describe_problem

OBJECT = {"type": "object"}


def answer(schema: Any) -> Any:
    text = schema if isinstance(schema, str) else json.dumps(schema)
    return json.loads(answer_request(text.encode()))


@pytest.mark.parametrize(
    ("schema", "code", "path"),
    [
        ("", "syntax", "1:1"),
        ('{"type":\n "object",}', "syntax", "2:10"),
        ("[]", "no_object", ""),
        ('{"type": "object", "minProperties": 1e999}', "number", ""),
        ('{"type": "object", "x": NaN}', "number", ""),
        ('{"x": ' + "1" * 5000 + "}", "number", ""),
        ('{"type": "object", "type": "object"}', "twice", ""),
        ('{"type": "object", "title": "\\u0000"}', "character", ""),
        ('{"type": "object", "title": "\\ud800"}', "character", ""),
        ('{"a": ' * 200 + "1" + "}" * 200, "too_deep", ""),
        ({"type": "array"}, "root", ""),
        ({"type": "objekt"}, "type", "/type"),
        (OBJECT | {"properties": {"a/b": {"type": "strng"}}}, "type", "/properties/a~1b/type"),
        (OBJECT | {"properties": []}, "no_map", "/properties"),
        (OBJECT | {"properties": {"a": 1}}, "no_schema", "/properties/a"),
        (OBJECT | {"required": "a"}, "no_names", "/required"),
        (OBJECT | {"required": ["a", "a"]}, "no_names", "/required"),
        (OBJECT | {"properties": {"a": {"enum": []}}}, "no_values", "/properties/a/enum"),
        (OBJECT | {"anyOf": {}}, "no_list", "/anyOf"),
        (OBJECT | {"title": 1}, "no_string", "/title"),
        (OBJECT | {"minProperties": -1}, "no_count", "/minProperties"),
        (OBJECT | {"minimum": "1"}, "no_number", "/minimum"),
        (OBJECT | {"readOnly": 1}, "no_flag", "/readOnly"),
        (OBJECT | {"properties": {"a": {"$ref": "#/$defs/b"}}}, "missing", "/properties/a/$ref"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(schema: Any, code: str, path: str) -> None:
    found = answer(schema)
    assert (found.get("code"), found.get("path")) == (code, path)
    assert describe_problem(code, path, found["detail"])


@pytest.mark.parametrize(
    "reference",
    [
        {"$ref": "https://example.com/schema.json"},
        {"$ref": "other.json#/a"},
        {"$dynamicRef": "file:///etc/passwd"},
        {"$id": "https://example.com/"},
    ],
)
def test_nothing_leads_out_of_a_schema(reference: dict[str, str]) -> None:
    schema = OBJECT | {"properties": {"a": {"items": [reference]}}}
    assert answer(schema)["code"] == "remote"


def test_a_schema_that_is_nested_too_deeply_is_refused() -> None:
    schema: dict[str, Any] = OBJECT
    for _ in range(40):
        schema = OBJECT | {"properties": {"a": schema}}
    assert answer(schema)["code"] == "too_deep"


def test_a_schema_may_refer_to_itself() -> None:
    node = OBJECT | {"properties": {"next": {"$ref": "#"}, "other": {"$ref": "#/$defs/a~1b"}}}
    assert answer(node | {"$defs": {"a/b": {"type": "string"}}}) == {"strict": False}


@pytest.mark.parametrize(
    ("schema", "is_strict"),
    [
        ({"properties": {}, "additionalProperties": False}, True),
        (
            {
                "properties": {"a": {"type": ["string", "null"], "enum": ["x"]}},
                "required": ["a"],
                "additionalProperties": False,
            },
            True,
        ),
        ({"properties": {"a": {}}, "additionalProperties": False}, False),
        ({"properties": {}}, False),
        ({"additionalProperties": False, "not": {"type": "string"}}, False),
        (
            {
                "properties": {"a": {"type": "object"}},
                "required": ["a"],
                "additionalProperties": False,
            },
            False,
        ),
    ],
)
def test_a_service_can_promise_what_leaves_nothing_open(
    schema: dict[str, Any], is_strict: bool
) -> None:
    assert answer(OBJECT | schema) == {"strict": is_strict}
