"""The call that isn't streamed, as the provider documents it."""

from decimal import Decimal

import pytest

from conversations.model_api import CutOffError, MalformedReplyError, ModelClient, UpstreamError
from conversations.offline_model import Fault, OfflineModel
from tests.model_api.asking import HELLO


def test_it_works(client: ModelClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(text="Good evening."))
    completion = client.complete(HELLO)

    assert completion.text == "Good evening."
    assert completion.finish_reason == "stop"
    assert completion.model == "gpt-test"
    assert completion.raw["object"] == "chat.completion"
    assert completion.usage is not None
    assert isinstance(completion.usage.cost_usd, Decimal)


def test_the_documented_request_is_sent_with_an_id_of_its_own(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    client.complete(HELLO, parameters={"max_tokens": 5})

    request = offline_model.requests[0]
    assert request.body == {"model": "gpt-test", "messages": HELLO, "max_tokens": 5}
    assert len(request.headers["X-Client-Request-Id"]) == 32


def test_a_refusal_is_the_text(client: ModelClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(refusal="I can’t help with that."))

    assert client.complete(HELLO).text == "I can’t help with that."


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(malformed=1), MalformedReplyError),
        (Fault(error=1), UpstreamError),
        (Fault(cut=1), CutOffError),
        (Fault(raw=b"<html><title>nginx</title></html>"), MalformedReplyError),
        (Fault(raw=b"data: {}\n\n"), MalformedReplyError),
        (Fault(raw=b""), MalformedReplyError),
    ],
)
def test_what_is_no_reply_is_an_error(
    client: ModelClient, offline_model: OfflineModel, fault: Fault, kind: type[Exception]
) -> None:
    offline_model.script(fault)

    with pytest.raises(kind):
        client.complete(HELLO)
