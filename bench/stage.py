"""What a figure is measured on: an upstream and a site, each in processes of its own, made for one
run and ended with it.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.e2e.site import ROOT, Site

RATE = 50  # tokens a second
TOKENS = 200  # a reply


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Address":
        parts = urlsplit(url)
        return cls(parts.hostname or "localhost", parts.port or 80)


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in, and the ids of their conversations."""

    session: str
    conversations: list[str]


@dataclass(frozen=True, eq=False)
class Stage:
    site: Site
    upstream: Address

    @property
    def address(self) -> Address:
        return Address.of(self.site.url)

    @property
    def pid(self) -> int:
        assert self.site.process
        return self.site.process.pid

    def people(self, count: int, *, conversations: int = 1, messages: int = 2) -> list[Person]:
        """New users of the site, each with that many conversations of so many messages."""
        call = f"people({count}, {conversations}, {messages})"
        output = self.site.manage(
            "shell", "--no-imports", "-c", f"from bench.seed import *; {call}"
        )
        return [Person(**person) for person in json.loads(output)]


@contextmanager
def stage(model_url: str = "", *, root: str = str(ROOT), **environment: str) -> Iterator[Stage]:
    """A fresh site (SQLite unless DATABASE_URL is given) that asks that model, or a fresh one; of
    the code in `root`.
    """
    asked = nullcontext(model_url) if model_url else upstream()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, asked as url:
        site = Site(Path(folder), url, root=root, MAX_RUNNING_REPLIES="10", **environment)
        try:
            site.start()
            yield Stage(site, Address.of(url))
        finally:
            site.stop()


@contextmanager
def upstream() -> Iterator[str]:
    """The offline model at the rate and length that all figures are given for; its base URL."""
    process = subprocess.Popen(
        [
            *(sys.executable, "manage.py", "offline_model", "--die-with-parent"),
            *("--port=0", f"--rate={RATE}", f"--tokens={TOKENS}"),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    with process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
