"""A disk that fills up while a reply is written, under a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.inhabited import inhabited_folder
from tests.e2e.site import Site
from tests.server.outages import fill, small_disk
from tests.server.startup.saved_replies import read_replies
from tests.server.startup.visitor import TIMEOUT, Visitor
from tests.waiting import wait_until

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
    wait_until(lambda: words in site.read_log(), repr(words), TIMEOUT, instead=site.read_log)


def wait_until_saved(site: Site) -> str:
    wait_until(
        lambda: [status for status, _ in read_replies(site)] == ["complete"],
        "the saved reply",
        TIMEOUT,
        instead=site.read_log,
    )
    [(_, text)] = read_replies(site)
    return text


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
    assert [status for status, _ in read_replies(server)] == ["streaming"]
    server.start()
    assert wait_until_saved(server) == TEXT
