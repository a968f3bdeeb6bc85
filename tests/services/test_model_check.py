"""What `manage.py doctor` says of the model, asked over a real socket."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pytest_django import Settings

from chatsite.server.doctor.findings import Finding, Status
from conversations.offline_model import Fault, OfflineModel
from conversations.services.model_check import check_model
from tests.e2e.site import free_port
from tests.server.doctor.stub_server import serve_answer

COMPLETION = json.dumps(
    {"choices": [{"message": {"role": "assistant", "content": "OK"}, "finish_reason": "stop"}]}
).encode()


def clock_of_answer(settings: Settings, offset: timedelta) -> Finding:
    date = format_datetime(datetime.now(UTC) + offset, usegmt=True)
    with serve_answer(COMPLETION, headers={"Date": date}) as url:
        settings.AIMLAPI_BASE_URL = f"{url}/v1"
        return list(check_model())[1]


def test_one_that_answers_is_right(model: OfflineModel) -> None:
    assert next(check_model()).status is Status.OK
    request = model.wait_for_request()
    assert request.body["max_tokens"] == 16
    assert len(model.requests) == 1


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (401, "AIMLAPI_API_KEY"),
        (402, "See to the account"),
        (404, "CHAT_MODEL"),
        (500, "Try again"),
    ],
)
def test_a_refusal_is_told_with_its_remedy(model: OfflineModel, status: int, remedy: str) -> None:
    model.script(Fault(status=status, times=5))
    first, clock = check_model()
    assert first.status is Status.WRONG
    assert remedy in first.remedy
    assert clock.status is Status.NOT_CHECKED
    assert len(model.requests) == 1


def test_a_way_that_is_closed_is_told(model: OfflineModel, settings: Settings) -> None:
    settings.AIMLAPI_BASE_URL = f"http://127.0.0.1:{free_port()}/v1"
    assert "there is no way to" in next(check_model()).meaning


@pytest.mark.parametrize(
    ("offset", "meaning"),
    [(timedelta(minutes=5), "behind the model's"), (timedelta(minutes=-5), "ahead of the model's")],
)
def test_a_clock_that_is_off_by_minutes_is_wrong(
    model: OfflineModel, settings: Settings, offset: timedelta, meaning: str
) -> None:
    found = clock_of_answer(settings, offset)
    assert found.status is Status.WRONG
    assert meaning in found.meaning


def test_a_clock_that_is_off_by_seconds_is_right(model: OfflineModel, settings: Settings) -> None:
    assert clock_of_answer(settings, timedelta(seconds=20)).status is Status.OK
