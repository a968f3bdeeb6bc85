"""A server whose disk takes a third of a second each time that something is to be safe on it."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from conversations.offline_model import OfflineModel
from tests.e2e.site import Site
from tests.faulty_host import build_shim
from tests.server.startup.visitor import Visitor

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite: its files")

MILLISECONDS = 300
PEOPLE = 8


@pytest.fixture
def site(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    environment = build_shim(tmp_path) | {
        "FAULTY_HOST_SYNC": str(MILLISECONDS),
        "CHECKPOINT_INTERVAL": "0.2",
        "MAX_RUNNING_REPLIES": "100",
    }
    with OfflineModel() as model, Site(tmp_path, model.base_url, **environment) as site:
        site.begin_as(prepared)
        site.start()
        yield site


def test_everybody_is_answered_and_every_reply_is_saved(site: Site) -> None:
    words = " ".join(f"w{number}" for number in range(60))

    def send(number: int) -> str:
        return visitor.send(f"Message {number}\n/fault rate=60 text='{words}'")

    visitor = Visitor(site)
    with ThreadPoolExecutor(PEOPLE) as pool:
        paths = list(pool.map(send, range(3 * PEOPLE)))
    for path in paths:
        visitor.wait_for_reply(path, "complete")
    assert len(set(paths)) == 3 * PEOPLE
    with closing(sqlite3.connect(site.data_dir / "db.sqlite3")) as database:
        query = "SELECT text, COUNT(*) FROM conversations_message WHERE role = 'assistant'"
        assert database.execute(f"{query} GROUP BY 1").fetchall() == [(words, 3 * PEOPLE)]
