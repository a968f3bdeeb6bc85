"""What people type as parameters: it is read, or what is wrong is said at its field."""

from collections.abc import Iterator

import pytest

from conversations.parameters import schema_check
from conversations.parameters.forms import SCHEMA, ParametersForm, list_initial
from conversations.parameters.models import ParameterPolicy

OPEN = ParameterPolicy()
STRICT = '{"type": "object", "properties": {}, "additionalProperties": false}'


@pytest.fixture(autouse=True)
def checking() -> Iterator[None]:
    yield
    schema_check.stop_queue()


def fill(**data: str) -> ParametersForm:
    form = ParametersForm(data, values={}, policy=OPEN, user_id=1)
    form.is_valid()
    return form


def test_all_of_them_are_read() -> None:
    form = fill(
        temperature="0.35",
        top_p=" 1 ",
        max_tokens="200",
        stop="END\r\n\\n\r\na\\\\b c ",
        seed="7",
        presence_penalty="-0.5",
        frequency_penalty="0",
        response_format="json_object",
    )
    assert not form.errors
    assert form.values == {
        "temperature": 0.35,
        "top_p": 1,
        "max_tokens": 200,
        "stop": ["END", "\n", "a\\b c "],
        "seed": 7,
        "presence_penalty": -0.5,
        "frequency_penalty": 0,
        "response_format": {"type": "json_object"},
    }


def test_what_was_saved_is_typed_again() -> None:
    values = fill(temperature="0.35", stop="\\n\na\\\\b c ", response_format="json_object").values
    again = list_initial(values)
    assert fill(**again).values == values


def test_empty_fields_set_nothing() -> None:
    assert fill(temperature="", stop="\n", response_format="", schema="not JSON").values == {}


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("temperature", "2.05", "Type a number from 0 to 2, in steps of 0.05."),
        ("temperature", "0.333", "Type a number from 0 to 2, in steps of 0.05."),
        ("temperature", "warm", "Type a number from 0 to 2"),
        ("temperature", "NaN", "Type a number from 0 to 2"),
        ("top_p", "0", "Type a number from 0.01 to 1, in steps of 0.01."),
        ("max_tokens", "0", "Type a whole number from 1 to 32,768."),
        ("max_tokens", "1.5", "Type a whole number from 1"),
        ("seed", "9" * 5000, "Type a whole number from 1"),
        ("presence_penalty", "-2.1", "Type a number from -2 to 2, in steps of 0.1."),
        ("stop", "a\nb\nc\nd\ne", "At most 4, one a line."),
        ("stop", "a" * 101, "Each has at most 100 characters."),
        ("response_format", "xml", "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(name: str, typed: str, sentence: str) -> None:
    form = fill(**{name: typed})
    assert list(form.errors) == [name]
    assert sentence in form.errors[name][0]
    assert form.values == {}


def test_a_schema_is_checked_and_kept_as_it_was_typed() -> None:
    typed = STRICT.replace(", ", ",\r\n  ")
    form = fill(response_format="json_schema", schema=typed)
    assert form.values["response_format"] == {
        "type": "json_schema",
        "schema": typed.replace("\r\n", "\n"),
        "strict": True,
    }


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (" ", "Type a schema, or choose another kind of reply."),
        ("{", "This isn’t JSON: line 1, column 2"),
        ('{"type": "objekt"}', 'At /type: "objekt" is no type.'),
        ('{"$ref": "https://example.com/"}', "“https://example.com/” leads out of this schema"),
        ("x" * 10_001, "Ensure this value has at most 10000 characters"),
    ],
)
def test_what_is_wrong_with_a_schema_is_said_at_its_field(typed: str, sentence: str) -> None:
    form = fill(response_format="json_schema", schema=typed)
    assert sentence in str(form.errors[SCHEMA][0])
    assert "response_format" not in form.values


def test_a_schema_that_is_not_asked_for_is_no_obstacle() -> None:
    form = fill(response_format="json_object", schema="x" * 10_001)
    assert form.values == {"response_format": {"type": "json_object"}}
    assert not form.errors


def test_what_may_not_be_changed_has_no_field_and_is_kept() -> None:
    rules = ParameterPolicy(rules={"seed": {"is_fixed": True}})
    form = ParametersForm({"seed": "9"}, values={"seed": 7}, policy=rules)
    assert form.is_valid()
    assert "seed" not in form.fields
    assert form.values == {"seed": 7}
