"""`manage.py offline_model`, as the process that it is."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from conversations.offline_model import OfflineModel

MANAGE = Path(__file__).parents[2] / "manage.py"
COMMAND = [sys.executable, str(MANAGE), "offline_model"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "DATA_DIR": str(tmp_path)}


def start(command: list[str], environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def base_url(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_its_address_serves_and_ends_on_a_signal(
    environment: dict[str, str], number: signal.Signals
) -> None:
    with start([*COMMAND, "--tokens=3", "--rate=0"], environment) as process:
        body = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
        url, headers = f"{base_url(process)}/chat/completions", {"Authorization": "Bearer key"}
        usage = requests.post(url, json=body, headers=headers, timeout=5).json()["usage"]
        process.send_signal(number)
        assert process.wait(5) == 0
    assert usage["completion_tokens"] == 3


@pytest.mark.skipif(sys.platform != "linux", reason="Only on Linux can a child tell")
def test_it_ends_when_its_parent_is_killed(environment: dict[str, str]) -> None:
    parent = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    command = [sys.executable, "-c", parent, *COMMAND, "--die-with-parent"]
    with start(command, environment) as process:
        assert base_url(process).startswith("http://127.0.0.1:")
        process.kill()
        # Both write to this pipe: it ends when the last of them does.
        assert process.communicate(timeout=10)[0] == ""


def test_a_taken_port_is_one_clear_sentence(
    model: OfflineModel, environment: dict[str, str]
) -> None:
    command = [*COMMAND, f"--port={model.port}"]
    process = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert process.returncode == 1
    assert process.stderr.startswith(f"CommandError: Can’t listen on port {model.port}")
    assert process.stderr.count("\n") == 1
