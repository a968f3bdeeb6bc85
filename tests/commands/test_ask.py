"""`manage.py ask`: how a user checks the key."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from conversations.offline_model import Fault, OfflineModel


def ask(*arguments: str) -> tuple[str, str]:
    """What it prints on standard output and on standard error."""
    out, err = io.StringIO(), io.StringIO()
    call_command("ask", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_reply_is_printed(model: OfflineModel) -> None:
    model.script(Fault(text="Hello to you."))
    assert ask("Hello")[0] == "Hello to you.\n"


def test_what_it_used_and_cost_goes_to_standard_error(model: OfflineModel) -> None:
    model.script(Fault(text="Hello to you."))
    _, report = ask("Hello")
    assert report.strip().endswith("6 tokens in (0 from the cache), 4 out, $0.0000088")


def test_the_message_is_sent_without_a_stream(model: OfflineModel) -> None:
    ask("Hello")
    body = model.requests[0].body
    assert body["messages"] == [{"role": "user", "content": "Hello"}]
    assert not body.get("stream")


def test_a_stream_prints_the_same(model: OfflineModel) -> None:
    model.script(Fault(text="Hello to you.", times=2))
    plain, streamed = ask("Hello")[0], ask("Hello", "--stream")[0]
    assert streamed == plain
    assert model.requests[1].body["stream"]


def test_a_stream_reports_its_usage(model: OfflineModel) -> None:
    model.script(Fault(text="Hello to you."))
    assert "6 tokens in" in ask("Hello", "--stream")[1]


def test_json_is_the_raw_response(model: OfflineModel) -> None:
    model.script(Fault(text="Grüße"))
    raw, report = ask("Hello", "--json")
    assert "Grüße" in raw
    assert json.loads(raw)["choices"][0]["message"]["content"] == "Grüße"
    assert report == ""


def test_a_service_without_usage_is_no_error(model: OfflineModel) -> None:
    model.script(Fault(usage=False))
    assert "reported no usage" in ask("Hello")[1]


@pytest.mark.parametrize("options", [[], ["--stream"], ["--json"]])
def test_an_error_is_told_in_a_sentence_with_its_code(
    model: OfflineModel, options: list[str]
) -> None:
    model.script(Fault(status=401))
    with pytest.raises(CommandError, match="does not accept this site’s key") as error:
        ask("Hello", *options)
    assert "bad_key (HTTP 401)" in str(error.value)


def test_stream_and_json_are_two_ways(model: OfflineModel) -> None:
    with pytest.raises(CommandError, match="not allowed with"):
        ask("Hello", "--stream", "--json")
