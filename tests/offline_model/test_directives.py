"""Faults that are asked for in a message."""

from dataclasses import fields

import pytest

from conversations.offline_model import Fault
from conversations.offline_model.directives import KNOWN, parse_fault
from conversations.offline_model.errors import ApiError
from tests.offline_model.client import Client


def fault_in(text: str) -> Fault | None:
    return parse_fault({"role": "user", "content": text})


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("status=429 retry_after=7", Fault(status=429, retry_after="7")),
        ("status=502 envelope=html", Fault(status=502, envelope="html")),
        ("stall=20", Fault(stall=20)),
        ("stall=headers stall_seconds=1.5", Fault(stall="headers", stall_seconds=1.5)),
        ("cut=30 tokens=200", Fault(cut=30, tokens=200)),
        ("shape=fence tokens=20000 rate=10", Fault(shape="fence", tokens=20000, rate=10)),
        ("chunk_sizes=1,3,7 newline=crlf", Fault(chunk_sizes=(1, 3, 7), newline="\r\n")),
        (
            "comments bom=yes done=no usage=false",
            Fault(comments=True, bom=True, done=False, usage=False),
        ),
        ("status=503 message='Try later'", Fault(status=503, message="Try later")),
        ("raw='<p>Hi' content_type=text/html", Fault(raw=b"<p>Hi", content_type="text/html")),
    ],
)
def test_a_line_is_read_as_a_fault(line: str, fault: Fault) -> None:
    assert fault_in(f"Please\n  /fault {line}\nThank you") == fault


def test_every_field_but_the_gate_can_be_written() -> None:
    assert KNOWN.keys() == {field.name for field in fields(Fault)} - {"gate"}


def test_a_message_without_the_line_asks_for_nothing() -> None:
    assert fault_in("What does /fault status=503 do? /faults are many.\n/faultless") is None


def test_only_users_can_ask() -> None:
    assert parse_fault({"role": "assistant", "content": "/fault status=503"}) is None


@pytest.mark.parametrize(
    "line",
    ["", "colour=red", "status=abc", "status=200", "tokens=-1", "rate=nan", "message='open"],
)
def test_what_can_not_be_read_is_a_400_that_lists_what_is_known(line: str) -> None:
    with pytest.raises(ApiError, match=r"/fault.*Known: status=503") as caught:
        fault_in(f"/fault {line}")
    assert caught.value.status == 400


def test_a_message_gets_the_error_it_asks_for(client: Client) -> None:
    assert client.chat("/fault status=503").status_code == 503


def test_only_the_last_message_counts(client: Client) -> None:
    history = [
        {"role": "user", "content": "/fault status=503"},
        {"role": "user", "content": "Hello again"},
    ]
    assert client.chat(messages=history).status_code == 200


def test_a_fault_can_be_for_the_first_requests_with_these_messages_only(client: Client) -> None:
    line = "/fault status=503 times=2"
    assert [client.chat(line).status_code for _ in range(3)] == [503, 503, 200]
    system = {"role": "system", "content": "Be brief."}
    other = [system, {"role": "user", "content": line}]
    assert client.chat(messages=other).status_code == 503
