"""A Redis of its own, which a test may kill, stop and empty."""

import shutil
import signal
import subprocess
from pathlib import Path
from typing import Self

import pytest
from redis import Redis, RedisError

from tests.e2e.site import free_port
from tests.waiting import wait_until

TIMEOUT = 20.0  # seconds


class RedisProcess:
    """Runs until the end of the `with`; keeps nothing, so that each start is an empty one."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        if program is None:
            pytest.skip("No redis-server is installed")
        self._folder = folder
        self.port = free_port()
        self._command = [program, f"--port {self.port}", "--bind 127.0.0.1", "--save", ""]
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.resume()
        self.kill()

    def start(self) -> None:
        """Return once it answers."""
        with (self._folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._command, "--dir", str(self._folder)], stdout=log, stderr=log
            )
        wait_until(self._answers, "an answer of Redis", TIMEOUT)

    def kill(self) -> None:
        self._send(signal.SIGKILL)
        assert self._process
        self._process.wait(TIMEOUT)

    def pause(self) -> None:
        """It takes connections, or the kernel does, and says nothing."""
        self._send(signal.SIGSTOP)

    def resume(self) -> None:
        self._send(signal.SIGCONT)

    def flush(self) -> None:
        with Redis.from_url(self.url) as redis:
            redis.flushall()

    def _send(self, number: int) -> None:
        assert self._process
        self._process.send_signal(number)

    def _answers(self) -> bool:
        assert self._process
        assert self._process.poll() is None
        try:
            with Redis.from_url(self.url, socket_timeout=1) as redis:
                return bool(redis.ping())
        except RedisError:
            return False
