"""The site as its users get it: `manage.py serve` in a process of its own, on a data folder of its
own.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Self, TextIO

from tests.once import Shared, once
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
POLICY = """
from chatsite.accounts.models import SitePolicy
SitePolicy(pk=1, second_factor={whom!r}).save()
"""

COLLECT = "from chatsite.server.startup import static; static.collect_static_files(print)"
IS_SAVED = """
from conversations.models import Message
print("yes" if Message.objects.filter(text__contains={word!r}).exists() else "", end="")
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """One site; `start` and `stop` may be called again and again on the same data.

    In a run of tests it begins with a copy of the static files, unless `collects` is set before its
    first start: compressing them takes four times as long as starting.
    """

    def __init__(
        self, data_dir: Path, model_url: str, *, root: str = str(ROOT), **environment: str
    ) -> None:
        """`root`: where its code is, should it be an earlier one."""
        self.data_dir = data_dir
        self.collects = Shared.folder is None
        self.root = root
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[str] | None = None
        self.shell: subprocess.Popen[str] | None = None
        self.log: TextIO | None = None
        self.environment = {
            **{key: value for key, value in os.environ.items() if key != "DATABASE_URL"},
            "DJANGO_SETTINGS_MODULE": "chatsite.settings",
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "AIMLAPI_BASE_URL": model_url,
            "AIMLAPI_API_KEY": "key-of-the-tests",
            **environment,
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing of it runs any more, however it ended."""
        if self.process and self.process.poll() is None:
            self.stop()
        self.close_files()

    def manage(self, *arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.root,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def run(self, code: str, **values: object) -> str:
        """Runs code in the site's Django, with the values in its braces if there are any; returns
        what it prints.
        """
        self.shell = self.shell or self.open_shell()
        assert self.shell.stdin
        assert self.shell.stdout
        self.shell.stdin.write(json.dumps(code.format(**values) if values else code) + "\n")
        self.shell.stdin.flush()
        printed, error = json.loads(self.shell.stdout.readline())
        assert not error, error
        return str(printed)

    def open_shell(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.shell"],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close_shell(self) -> None:
        if self.shell:
            self.shell.communicate(timeout=60)
        self.shell = None

    def begin_as(self, data_dir: Path) -> None:
        """With what is in another site's data folder."""
        shutil.copytree(data_dir, self.environment["DATA_DIR"], dirs_exist_ok=True)

    def make_users(self) -> None:
        self.run("from tests.e2e import people; people.make_users()")

    def make_user(self, name: str) -> None:
        self.run("from tests.e2e import people; people.make_user({name!r})", name=name)

    def make_session(self, name: str) -> str:
        """The value of a cookie with which a browser is signed in."""
        code = "from tests.e2e import people; print(people.make_session({name!r}))"
        return self.run(code, name=name).strip()

    def wait_for_checkpoint(self, word: str) -> None:
        """Returns once a message with the word is in the database."""
        wait_until(
            lambda: self.run(IS_SAVED, word=word),
            f"a checkpoint with {word!r}",
            60,
            instead=self.read_log,
        )

    def require_second_factor(self, whom: str) -> None:
        self.run(POLICY, whom=whom)

    def start(self) -> None:
        """Returns once the site answers."""
        if not self.collects:
            self.take_static_files()
        self.log = (self.data_dir / "log").open("a")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=self.root,
            env=self.environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        wait_until(self._has_started, "the site's first answer", 180, instead=self.read_log)

    def _has_started(self) -> bool:
        assert self.process
        assert self.process.poll() is None, self.read_log()
        return self.answers()

    def take_static_files(self) -> None:
        """Unless it has them; out of date, they are collected by the start."""
        folder = Path(self.environment["DATA_DIR"])
        if not (folder / "static.stamp").exists():
            collected = once("collected", collect)
            shutil.copytree(collected / "static", folder / "static", dirs_exist_ok=True)
            shutil.copy(collected / "static.stamp", folder)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz/", timeout=10) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def fetch(self, path: str, headers: dict[str, str]) -> str:
        request = urllib.request.Request(f"{self.url}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=10) as response:
            return str(response.read().decode())

    def stop(self, number: int = signal.SIGTERM) -> None:
        assert self.process
        self.process.send_signal(number)
        self.process.wait(60)
        self.close_files()

    def list_workers(self) -> list[int]:
        """The ids of the processes that serve."""
        assert self.process
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(child) for child in children if b"gunicorn" in read_command(int(child))]

    def close_files(self) -> None:
        if self.log:
            self.log.close()
        self.close_shell()

    def read_log(self) -> str:
        return (self.data_dir / "log").read_text()


def read_command(pid: int) -> bytes:
    """Empty of one that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def collect(folder: Path) -> None:
    Site(folder, "").manage("shell", "--no-imports", "-c", COLLECT)
