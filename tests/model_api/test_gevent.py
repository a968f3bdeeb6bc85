"""The same client, unchanged, where threads are greenlets."""

import json
import subprocess
import sys
from typing import Any

import pytest

from conversations.offline_model import Fault, OfflineModel

pytest.importorskip("gevent")

SCRIPT = """
from gevent import monkey
monkey.patch_all()

import json, sys, threading, time
from conversations.model_api import Cancellation, CallCancelledError, ModelClient

client = ModelClient(base_url=sys.argv[1], api_key="k", model="m")
outcome = {"text": "", "pieces": 0, "cancelled_after": None}
cancellation = Cancellation()
moments = []

def cancel():
    moments.append(time.monotonic())
    cancellation.cancel()

def cancel_in_silence():
    timer = threading.Timer(float(sys.argv[2]), cancel)
    timer.start()
    return timer

timer = cancel_in_silence()
try:
    with client.stream(
        [{"role": "user", "content": "Hello"}], request_id="r", cancellation=cancellation
    ) as reply:
        for delta in reply:
            outcome["text"] += delta.text
            outcome["pieces"] += 1
            timer.cancel()
            timer = cancel_in_silence()
except CallCancelledError:
    outcome["cancelled_after"] = time.monotonic() - moments[0]
timer.cancel()
print(json.dumps(outcome))
"""


def run_under_gevent(model: OfflineModel, *, cancel_after: float) -> dict[str, Any]:
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, model.base_url, str(cancel_after)],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    outcome: dict[str, Any] = json.loads(result.stdout)
    return outcome


def test_it_works(offline_model: OfflineModel) -> None:
    offline_model.script(Fault(text="Hello under gevent."))
    outcome = run_under_gevent(offline_model, cancel_after=20)

    assert outcome["text"] == "Hello under gevent."
    assert outcome["cancelled_after"] is None


@pytest.mark.parametrize("stall", ["headers", 5])
def test_a_silent_reply_is_cancelled_promptly(offline_model: OfflineModel, stall: Any) -> None:
    offline_model.script(Fault(stall=stall))
    outcome = run_under_gevent(offline_model, cancel_after=0.3)

    assert outcome["cancelled_after"] < 0.5
    assert bool(outcome["text"]) == (stall == 5)
    assert offline_model.requests[0].disconnected.wait(1)
