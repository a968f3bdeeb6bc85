"""What parameters do to the offline model's replies, and which it refuses as the service does."""

import json
from typing import Any

import pytest

from tests.offline_model.client import Client

SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "size": {"type": ["integer", "null"]},
        "color": {"enum": ["red", "green"]},
        "parts": {"type": "array"},
        "inner": {"properties": {"is_new": {"type": "boolean"}}},
    },
}


def answer(client: Client, text: str = "Hello", **parameters: Any) -> dict[str, Any]:
    choice: dict[str, Any] = client.chat(text, **parameters).json()["choices"][0]
    return choice


def said(client: Client, text: str = "Hello", **parameters: Any) -> str:
    return str(answer(client, text, **parameters)["message"]["content"])


def test_a_reply_says_what_it_came_with(client: Client) -> None:
    assert "It came with temperature `0.5`, seed `7`." in said(client, temperature=0.5, seed=7)
    assert "It came with" not in said(client)


def test_a_reply_ends_before_the_first_stop_word(client: Client) -> None:
    choice = answer(client, stop=["request", "model"])
    assert choice["message"]["content"] == "I’m the **offline "
    assert choice["finish_reason"] == "stop"


def test_a_json_object_is_one(client: Client) -> None:
    text = said(client, "As JSON, please", response_format={"type": "json_object"}, seed=7)
    assert json.loads(text)["parameters"] == {"seed": 7}


def test_a_schema_is_kept_to(client: Client) -> None:
    named = {"name": "thing", "schema": SCHEMA}
    text = said(client, response_format={"type": "json_schema", "json_schema": named})
    assert json.loads(text) == {
        "name": "offline",
        "size": 1,
        "color": "red",
        "parts": [],
        "inner": {"is_new": True},
    }


@pytest.mark.parametrize(
    "parameters",
    [
        {"presence_penalty": 2.1},
        {"frequency_penalty": "high"},
        {"response_format": {"type": "xml"}},
        {"response_format": {"type": "json_schema"}},
        {"response_format": {"type": "json_schema", "json_schema": {"schema": {}}}},
        # The word isn't there.
        {"response_format": {"type": "json_object"}},
    ],
)
def test_what_the_service_refuses_is_refused(client: Client, parameters: dict[str, Any]) -> None:
    assert client.chat(**parameters).status_code == 400
