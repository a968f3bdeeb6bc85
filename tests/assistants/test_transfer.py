"""Assistants as JSON: what goes out comes in again, and what is wrong is said."""

import json

import pytest

from conversations.assistants.content import AssistantContent
from conversations.assistants.transfer import (
    MOST_BYTES,
    UnreadableAssistantError,
    read_assistant,
    write_assistant,
)

FOX = AssistantContent(
    name="Fox",
    emoji="🦊",
    description="Sly.",
    instructions="Be sly,\n{{name}}.",
    model="openai/gpt-4.1-mini",
    parameters={"temperature": 0.3, "stop": ["END\n"], "response_format": {"type": "json_object"}},
    starters="Hunt | Where are the hens?\nHow are you?",
)


def test_what_goes_out_comes_in_as_it_would_be_typed() -> None:
    assert read_assistant(write_assistant(FOX).encode()).fields == {
        "name": "Fox",
        "emoji": "🦊",
        "description": "Sly.",
        "instructions": "Be sly,\n{{name}}.",
        "model": "openai/gpt-4.1-mini",
        "starters": FOX.starters,
        "temperature": "0.3",
        "stop": "END\\n",
        "response_format": "json_object",
    }


@pytest.mark.parametrize("picture", [b"", b"RIFF\0\xff"])
def test_a_picture_comes_along(picture: bytes) -> None:
    assert read_assistant(write_assistant(FOX, picture).encode()).picture == picture


def test_a_schema_comes_along() -> None:
    schema = {"type": "json_schema", "schema": '{"type": "object"}', "strict": False}
    content = AssistantContent(name="Fox", parameters={"response_format": schema})
    found = read_assistant(write_assistant(content).encode()).fields
    assert (found["response_format"], found["schema"]) == ("json_schema", '{"type": "object"}')


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"format": "other"}, "no assistant"),
        ({"name": 5}, "“name”"),
        ({"starters": "x"}, "“starters”"),
        ({"starters": [{"title": 1}]}, "“title”"),
        ({"picture_webp": 5}, "“picture_webp”"),
        ({"picture_webp": "no base64!"}, "“picture_webp”"),
        ({"picture_webp": "ä"}, "“picture_webp”"),
        ({"parameters": []}, "“parameters”"),
        ({"parameters": {"logit_bias": 1}}, "“logit_bias”"),
        ({"parameters": {"temperature": None}}, "“temperature”"),
        ({"parameters": {"x": [[[[[[[1]]]]]]]}}, "no assistant"),
    ],
)
def test_what_is_wrong_is_said(record: dict[str, object], said: str) -> None:
    content = json.dumps({"format": "chat-assistant", "name": "Fox"} | record).encode()
    with pytest.raises(UnreadableAssistantError) as raised:
        read_assistant(content)
    assert said in raised.value.sentence


def test_what_no_database_takes_is_left_out() -> None:
    record = {"format": "chat-assistant", "name": "F\ud800x", "instructions": "Be\0 sly."}
    found = read_assistant(json.dumps(record).encode()).fields
    assert (found["name"], found["instructions"]) == ("F?x", "Be sly.")


def test_an_unknown_parameter_is_named_as_it_can_be_sent() -> None:
    record = {"format": "chat-assistant", "parameters": {"\ud800": 1}}
    with pytest.raises(UnreadableAssistantError, match=r"“\?”"):
        read_assistant(json.dumps(record).encode())


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[]", b"[" * 100_000, b" " * (MOST_BYTES + 1)]
)
def test_what_is_no_assistant_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableAssistantError):
        read_assistant(content)
