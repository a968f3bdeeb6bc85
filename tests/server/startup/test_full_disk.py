"""A disk that fills up while a reply is written, under a real server."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.inhabited import inhabited_folder
from tests.e2e.site import Site
from tests.server.outages import fill, small_disk
from tests.server.startup.visitor import TIMEOUT, Visitor

TEXT = "One two three four."


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Site, OfflineModel]]:
    (disk := tmp_path / "disk").mkdir()
    environment = {
        "DATA_DIR": str(disk),
        "SHUTDOWN_GRACE": "0.5",
        "CHECKPOINT_INTERVAL": "60",
    }
    with (
        small_disk(disk, 64),
        OfflineModel() as model,
        Site(tmp_path, model.base_url, **environment) as site,
    ):
        site.begin_as(inhabited_folder())
        site.start()
        yield site, model


@pytest.fixture
def filler(site: tuple[Site, OfflineModel]) -> Path:
    """The disk is full, and a reply has been written to its end since."""
    server, model = site
    (gate := Gate()).release(2)
    model.script(Fault(text=TEXT, gate=gate))
    visitor = Visitor(server)
    visitor.send("Hello")
    model.wait_for_request()
    filler = fill(database(server).parent, database(server))
    gate.open()
    wait_for_log(server, "can't be saved yet")
    assert visitor.post("/", text="More", token="more").status_code == 503
    assert visitor.get("/livez/").status_code == 200
    return filler


def database(site: Site) -> Path:
    return Path(site.environment["DATA_DIR"]) / "db.sqlite3"


def wait_for_log(site: Site, words: str) -> None:
    deadline = time.monotonic() + TIMEOUT
    while words not in site.read_log():
        assert time.monotonic() < deadline, site.read_log()
        time.sleep(0.1)


def saved(site: Site) -> tuple[str, str]:
    """Status and text of the one reply."""
    query = "SELECT status, text FROM conversations_message WHERE role = 'assistant'"
    with closing(sqlite3.connect(database(site))) as connection:
        [(status, text)] = connection.execute(query).fetchall()
    return status, text


def wait_until_saved(site: Site) -> str:
    deadline = time.monotonic() + TIMEOUT
    while saved(site)[0] != "complete":
        assert time.monotonic() < deadline, site.read_log()
        time.sleep(0.1)
    return saved(site)[1]


def test_a_finished_reply_is_saved_when_there_is_room_again(
    site: tuple[Site, OfflineModel], filler: Path
) -> None:
    filler.unlink()
    assert wait_until_saved(site[0]) == TEXT


def test_it_outlives_the_server_although_the_disk_is_full(
    site: tuple[Site, OfflineModel], filler: Path
) -> None:
    server, _ = site
    server.stop()
    filler.unlink()
    assert saved(server)[0] == "streaming"
    server.start()
    assert wait_until_saved(server) == TEXT
