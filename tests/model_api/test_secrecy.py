"""The key shows in no log, error or repr."""

import copy
import logging
import pickle
import traceback
from pathlib import Path

import pytest

from conversations.model_api import BadKeyError, ConnectionFailedError, ModelClient, ModelError
from conversations.offline_model import Fault, OfflineModel
from tests.logs import records_of
from tests.model_api.asking import HELLO, MakeClient, ask, collect
from tests.model_api.servers import LoopbackServer, answering, closed_port, event

KEY = "sk-secret"


def told_by(error: BaseException) -> str:
    """All that a page or a log could show of it, variables of every frame included."""
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    return f"{error} {error!r} {vars(error)} {''.join(trace.format())}"


FAULTS = [
    Fault(),
    Fault(status=401, message=f"Incorrect API key provided: {KEY}. Find yours at …"),
    Fault(status=401, message="x" * 295 + KEY),
    Fault(status=401, envelope="html", message=f"Bad key {KEY}"),
    Fault(status=503),
    Fault(error=1, message=f"Bad key {KEY}"),
    Fault(malformed=1),
    Fault(cut="headers"),
    Fault(cut=1),
    Fault(raw=f"<title>{KEY}</title>".encode()),
    Fault(raw=event({"message": KEY, "statusCode": 500})),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_it_works(
    client: ModelClient,
    offline_model: OfflineModel,
    caplog: pytest.LogCaptureFixture,
    fault: Fault,
) -> None:
    caplog.set_level(logging.DEBUG)
    offline_model.script(fault)
    _, error = collect(ask(client))

    assert "reply-1" in caplog.text
    assert KEY not in caplog.text
    assert error is None or KEY[:6] not in told_by(error)


def failure_of_completion(client: ModelClient) -> ModelError | None:
    try:
        client.complete(HELLO)
    except ModelError as error:
        return error
    return None


@pytest.mark.parametrize("fault", FAULTS[1:])
def test_it_works_without_a_stream(
    make_client: MakeClient, offline_model: OfflineModel, fault: Fault
) -> None:
    offline_model.script(fault)
    error = failure_of_completion(make_client(offline_model.base_url, max_retries=0))

    assert error is not None
    assert KEY[:6] not in told_by(error)


def test_a_failed_connection_does_not_tell(make_client: MakeClient) -> None:
    _, error = collect(ask(make_client(closed_port(), max_retries=0)))

    assert isinstance(error, ConnectionFailedError)
    assert KEY not in told_by(error)


def test_a_redirect_does_not_tell(make_client: MakeClient) -> None:
    location = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    with LoopbackServer(answering(location)) as server:
        _, error = collect(ask(make_client(server.base_url)))

    assert error is not None
    assert KEY not in told_by(error)


def test_the_echo_of_the_key_is_replaced(client: ModelClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(status=401, message=f"Incorrect API key provided: {KEY}."))
    _, error = collect(ask(client))

    assert isinstance(error, BadKeyError)
    assert "Incorrect API key provided: [key]." in error.detail


def test_a_client_does_not_show_its_key(client: ModelClient) -> None:
    shown = f"{client} {client!r} {vars(client)} {vars(client._route.session)}"

    assert KEY not in shown


def test_a_client_cannot_be_pickled_or_copied(client: ModelClient) -> None:
    for duplicate in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="pickled"):
            duplicate(client)


def test_a_reply_does_not_show_the_key(client: ModelClient) -> None:
    reply = ask(client)

    assert KEY not in f"{reply} {reply!r} {vars(reply)}"


def test_netrc_does_not_replace_the_key(
    client: ModelClient,
    offline_model: OfflineModel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    collect(ask(client))

    assert offline_model.requests[0].headers["Authorization"] == f"Bearer {KEY}"


def test_without_a_key_no_authorization_is_sent(
    make_client: MakeClient, offline_model: OfflineModel
) -> None:
    collect(ask(make_client(offline_model.base_url, api_key="")))

    assert "Authorization" not in offline_model.requests[0].headers


@pytest.mark.parametrize("key", ["sk-secret\n", "sk secret", "sk-sécret", "sk\x7f", "\t"])
def test_a_key_that_cannot_be_one_is_refused_without_being_told(key: str) -> None:
    with pytest.raises(ValueError, match="API key") as caught:
        ModelClient(base_url="https://example.com/v1", api_key=key, model="m")

    assert "cret" not in str(caught.value)


def test_one_line_tells_of_a_call(
    client: ModelClient, offline_model: OfflineModel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "conversations.model_api")
    collect(ask(client))

    [record] = records_of(caplog, "conversations.model_api")
    assert record.levelname == "INFO"
    assert record.getMessage().startswith("model call reply-1: complete, status 200, first byte")


def test_a_failure_is_a_warning(
    client: ModelClient, offline_model: OfflineModel, caplog: pytest.LogCaptureFixture
) -> None:
    offline_model.script(Fault(status=400, message="No."))
    collect(ask(client))

    [record] = records_of(caplog, "conversations.model_api")
    assert record.levelname == "WARNING"
    assert "bad_request (HTTP 400): No." in record.getMessage()
