"""What the API refuses."""

from typing import Any

import pytest
import requests

from tests.offline_model.client import Client

HELLO = [{"role": "user", "content": "Hello"}]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"messages": HELLO}, "model"),
        ({"model": "", "messages": HELLO}, "model"),
        ({"model": "m"}, "messages"),
        ({"model": "m", "messages": []}, "messages"),
        ({"model": "m", "messages": ["Hello"]}, "messages.0.role"),
        ({"model": "m", "messages": [{"role": ["user"], "content": "x"}]}, "messages.0.role"),
        ({"model": "m", "messages": [*HELLO, {"role": "user"}]}, "messages.1.content"),
        ({"model": "m", "messages": [{"role": "user", "content": [1]}]}, "messages.0.content"),
        ({"model": "m", "messages": [{"role": "assistant"}]}, "messages.0.content"),
        ({"model": "m", "messages": HELLO, "temperature": 3}, "temperature"),
        ({"model": "m", "messages": HELLO, "max_tokens": 0}, "max_tokens"),
        ({"model": "m", "messages": HELLO, "stop": ["a"] * 5}, "stop"),
        ({"model": "m", "messages": HELLO, "stream": "yes"}, "stream"),
        (["not", "an", "object"], "model"),
    ],
)
def test_a_wrong_body_gets_a_400_that_names_the_field(
    client: Client, body: Any, named: str
) -> None:
    response = client.post(body)
    assert response.status_code == 400
    assert f" {named}: " in response.json()["message"]


def test_a_prompt_beyond_the_context_window_gets_a_400(client: Client) -> None:
    response = client.chat("x" * 4_200_000)
    assert response.status_code == 400
    assert "maximum context length" in response.json()["message"]


@pytest.mark.parametrize("header", [None, "Basic key", "Bearer", "Bearer "])
def test_without_a_bearer_token_there_is_a_401(client: Client, header: str | None) -> None:
    url = f"{client.base_url}/chat/completions"
    headers = {"Authorization": header} if header else {}
    response = requests.post(
        url, json={"model": "m", "messages": HELLO}, headers=headers, timeout=5
    )
    assert response.status_code == 401


def test_an_unknown_path_gets_a_404_in_the_documented_envelope(client: Client) -> None:
    response = client.get("/nothing?here")
    assert response.status_code == 404
    fields = {"message", "path", "requestId", "statusCode", "timestamp"}
    assert response.json().keys() == fields
    assert response.json()["path"] == "/v1/nothing"


def test_the_model_named_missing_gets_a_404(client: Client) -> None:
    assert client.chat(model="missing").status_code == 404


def test_a_message_with_a_lone_surrogate_is_answered(client: Client) -> None:
    assert client.chat("\ud800", model="\ud800").status_code == 200
