"""The wire format of replies, streamed and not, without any fault."""

import time

import pytest

from conversations.offline_model import OfflineModel
from tests.offline_model.client import Client, events, text_of


def test_a_stream_opens_with_the_role_and_ends_with_a_reason_and_a_mark(client: Client) -> None:
    response = client.stream()
    first, *_, last = events(response)
    assert response.headers["Content-Type"] == "text/event-stream"
    assert first["choices"][0]["delta"]["role"] == "assistant"
    assert last["choices"][0]["finish_reason"] == "stop"
    assert response.content.endswith(b"data: [DONE]\n\n")


def test_streamed_and_whole_replies_say_the_same(client: Client) -> None:
    whole = client.chat().json()["choices"][0]["message"]["content"]
    assert text_of(events(client.stream())) == whole


def test_a_whole_reply_has_the_documented_fields(client: Client) -> None:
    response = client.chat(model="any/model")
    body = response.json()
    assert body["object"] == "chat.completion"
    assert body["model"] == "any/model"
    assert body["choices"][0]["message"]["refusal"] is None
    assert float(response.headers["x-aimlapi-usd-spent"]) == body["meta"]["usage"]["usd_spent"]
    assert response.headers["x-inference-id"]


def test_usage_is_streamed_only_when_asked_for(client: Client) -> None:
    assert not any("usage" in event for event in events(client.stream()))
    last = events(client.stream(stream_options={"include_usage": True}))[-1]
    assert last["choices"] == []
    assert last["meta"]["usage"]["credits_used"] > 0


def test_usage_counts_the_tokens_that_were_sent(client: Client) -> None:
    *chunks, last = events(client.stream(stream_options={"include_usage": True}))
    sent = sum(bool(event["choices"][0]["delta"].get("content")) for event in chunks)
    assert last["usage"]["completion_tokens"] == sent


def test_a_prompt_sent_again_is_cached(client: Client) -> None:
    first, again = (client.chat().json()["usage"] for _ in range(2))
    assert first["prompt_tokens_details"]["cached_tokens"] == 0
    assert again["prompt_tokens_details"]["cached_tokens"] == first["prompt_tokens"]


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
def test_a_limit_cuts_the_reply_and_says_so(client: Client, limit: str) -> None:
    body = client.chat("Hello", **{limit: 5}).json()
    assert body["usage"]["completion_tokens"] == 5
    assert body["choices"][0]["finish_reason"] == "length"


def test_every_reply_has_the_length_that_the_server_was_started_with() -> None:
    with OfflineModel(tokens=321, shape="list") as model:
        client = Client(model.base_url)
        usage = client.chat().json()["usage"]
        client.close()
    assert usage["completion_tokens"] == 321


def test_a_rate_spreads_the_tokens_over_time() -> None:
    with OfflineModel(tokens=20, rate=100) as model:
        client = Client(model.base_url)
        started = time.monotonic()
        assert len(client.stream().content) > 0
        elapsed = time.monotonic() - started
        client.close()
    assert elapsed >= 0.2


def test_the_models_are_listed(client: Client) -> None:
    listed = client.get("/models").json()["data"]
    assert listed[0]["id"] == "openai/gpt-4.1-mini-2025-04-14"
    assert len(listed) > 1


def test_a_model_has_its_own_prices_and_its_own_window(client: Client) -> None:
    mini, thorough = (
        client.chat(model=name).json()["meta"]["usage"]["usd_spent"]
        for name in ("openai/gpt-4.1-mini-2025-04-14", "offline/thorough")
    )
    assert thorough > mini
    assert client.chat("x" * 200_000, model="offline/quick").status_code == 400


def test_a_price_may_be_left_out(client: Client) -> None:
    body = client.chat("/fault price=no").json()
    assert "meta" not in body
    assert body["usage"]
