"""What is tried again, how often, and after how long."""

import random
import socket
import time

import pytest

from conversations.model_api import (
    CallTimeoutError,
    ConnectionFailedError,
    CutOffError,
    ModelClient,
    OutOfCreditsError,
    ThrottledError,
    Timeouts,
    UpstreamError,
)
from conversations.model_api.retry_policy import compute_retry_delay
from conversations.offline_model import Fault, OfflineModel
from tests.logs import records_of
from tests.model_api.asking import MakeClient, ask, collect
from tests.model_api.servers import (
    STREAM_HEAD,
    LoopbackServer,
    answering,
    closed_port,
    resetting,
    text_event,
)


@pytest.fixture(autouse=True)
def no_bad_luck(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shortest wait that chance could bring."""
    monkeypatch.setattr(random, "uniform", lambda least, _most: least)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_it_works(client: ModelClient, offline_model: OfflineModel, status: int) -> None:
    offline_model.script(Fault(status=status), Fault(status=status), Fault(text="Hello."))

    assert collect(ask(client)) == ("Hello.", None)
    assert len(offline_model.requests) == 3


def test_it_gives_up_after_two_retries(client: ModelClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(status=503, times=4))

    assert isinstance(collect(ask(client))[1], UpstreamError)
    assert len(offline_model.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 500, 501])
def test_other_statuses_are_not_retried(
    client: ModelClient, offline_model: OfflineModel, status: int
) -> None:
    offline_model.script(Fault(status=status))

    assert collect(ask(client))[1] is not None
    assert len(offline_model.requests) == 1


def test_want_of_quota_is_not_retried(client: ModelClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(status=429, message="insufficient_quota"))

    assert isinstance(collect(ask(client))[1], OutOfCreditsError)
    assert len(offline_model.requests) == 1


def test_a_non_streamed_call_is_retried_too(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(status=502), Fault(text="Hello."))

    assert client.complete([{"role": "user", "content": "Hi"}]).text == "Hello."


def test_the_connection_of_a_refused_request_is_used_again(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(status=502))
    collect(ask(client))

    first, second = offline_model.requests
    assert first.connection_id == second.connection_id


def test_a_time_to_wait_beyond_20_seconds_is_reported_instead(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(status=429, retry_after="21"))
    _, error = collect(ask(client))

    assert isinstance(error, ThrottledError)
    assert error.retry_after == 21
    assert len(offline_model.requests) == 1


@pytest.mark.parametrize(
    ("failure", "attempt", "delay"),
    [
        (ThrottledError(status=429), 0, 0.5),
        (ThrottledError(status=429), 1, 1.0),
        (ThrottledError(status=429, retry_after=20), 0, 20.5),
        (ThrottledError(status=429, retry_after=20.1), 0, None),
        (ConnectionFailedError("connection refused", momentary=True), 0, 0.5),
        (ConnectionFailedError("no such host"), 0, None),
        (CallTimeoutError("silence"), 0, None),
        (CallTimeoutError(status=504), 0, 0.5),
        (CutOffError("reset"), 0, None),
    ],
)
def test_the_longest_wait_is_known(
    monkeypatch: pytest.MonkeyPatch, failure: Exception, attempt: int, delay: float | None
) -> None:
    monkeypatch.setattr(random, "uniform", lambda _least, most: most)

    assert compute_retry_delay(failure, attempt) == delay


def test_a_time_to_wait_is_waited_for(client: ModelClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(status=503, retry_after="1"), Fault(text="Hello."))
    started = time.monotonic()

    assert collect(ask(client)) == ("Hello.", None)
    assert time.monotonic() - started >= 1


def test_a_reset_before_the_response_is_retried(make_client: MakeClient) -> None:
    reply = answering(STREAM_HEAD + b"\r\n" + text_event("Hello.", "stop"))
    with LoopbackServer(resetting, reply) as server:
        assert collect(ask(make_client(server.base_url))) == ("Hello.", None)
        assert server.connections == 2


def test_a_close_before_the_response_is_retried(make_client: MakeClient) -> None:
    reply = answering(STREAM_HEAD + b"\r\n" + text_event("Hello.", "stop"))
    with LoopbackServer(answering(), reply) as server:
        assert collect(ask(make_client(server.base_url))) == ("Hello.", None)


def test_a_pooled_connection_that_died_meanwhile_is_no_error(make_client: MakeClient) -> None:
    """It looks alive until the request has been sent, and then it is reset."""
    body = text_event("Hello.", "stop")
    reply = STREAM_HEAD + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)

    def once(sock: socket.socket) -> None:
        answering(reply)(sock)
        resetting(sock)

    with LoopbackServer(once, answering(reply)) as server:
        client = make_client(server.base_url)

        assert collect(ask(client)) == ("Hello.", None)
        assert collect(ask(client)) == ("Hello.", None)
        assert server.connections == 2


def test_a_break_after_the_first_byte_is_not_retried(make_client: MakeClient) -> None:
    with LoopbackServer(answering(STREAM_HEAD + b"\r\n")) as server:
        assert isinstance(collect(ask(make_client(server.base_url)))[1], CutOffError)
        assert server.connections == 1


def test_a_refused_connection_is_retried_and_reported(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    _, error = collect(ask(make_client(closed_port())))

    assert isinstance(error, ConnectionFailedError)
    assert [record.levelname for record in records_of(caplog, "conversations.model_api")].count(
        "WARNING"
    ) == 3


def test_a_timeout_is_not_retried(make_client: MakeClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(stall="headers"))
    client = make_client(offline_model.base_url, timeouts=Timeouts(first_byte=0.1))

    assert isinstance(collect(ask(client))[1], CallTimeoutError)
    assert len(offline_model.requests) == 1


def test_retries_can_be_turned_off(make_client: MakeClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(status=503))
    collect(ask(make_client(offline_model.base_url, max_retries=0)))

    assert len(offline_model.requests) == 1
