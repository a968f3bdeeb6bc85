"""A stop in the middle of a reply: it may finish, or it keeps what it has. Nobody need watch."""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
import requests

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.site import PASSWORD, Site

GRACE = 3  # seconds


@pytest.fixture(scope="module", params=["gevent", "gthread"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, OfflineModel]]:
    with OfflineModel() as model:
        site = Site(
            tmp_path_factory.mktemp("stopping"),
            model.base_url,
            WORKER_CLASS=request.param,
            SHUTDOWN_GRACE=str(GRACE),
        )
        site.manage("migrate", "--verbosity=0")
        site.make_users()
        yield site, model


def ask(site: Site) -> None:
    """Signs in and sends a message."""
    with requests.Session() as session:
        session.get(f"{site.url}/accounts/login/", timeout=10)
        post(session, f"{site.url}/accounts/login/", login="alice", password=PASSWORD)
        post(session, f"{site.url}/", text="Hello", token="once")


def post(session: requests.Session, url: str, **fields: str) -> None:
    fields["csrfmiddlewaretoken"] = session.cookies["csrftoken"]
    response = session.post(url, data=fields, allow_redirects=False, timeout=10)
    assert response.status_code == 302, response.text


def saved(site: Site) -> tuple[str, str]:
    """Status and text of the one reply, which is forgotten thereby."""
    with closing(sqlite3.connect(site.data_dir / "db.sqlite3")) as database, database:
        query = "SELECT status, text FROM conversations_message WHERE role = 'assistant'"
        [(status, text)] = database.execute(query).fetchall()
        database.execute("DELETE FROM conversations_message")
        database.execute("DELETE FROM conversations_conversation")
    return status, text


def test_a_reply_may_finish(site: tuple[Site, OfflineModel]) -> None:
    server, model = site
    model.script(Fault(text="One two three four five six seven eight.", rate=16))
    server.start()
    ask(server)
    server.stop(signal.SIGTERM)
    assert saved(server) == ("complete", "One two three four five six seven eight.")


def test_a_reply_that_takes_too_long_keeps_what_it_has(site: tuple[Site, OfflineModel]) -> None:
    server, model = site
    (gate := Gate()).release(3)
    model.script(Fault(text="One two three four.", gate=gate))
    server.start()
    ask(server)
    server.stop(signal.SIGTERM)
    status, text = saved(server)
    assert status == "interrupted"
    assert text.startswith("One")
    assert "four" not in text


def test_a_killed_server_says_so_when_it_is_back(site: tuple[Site, OfflineModel]) -> None:
    server, model = site
    model.script(Fault(text="One two three four.", gate=Gate()))
    server.start()
    ask(server)
    server.stop(signal.SIGKILL)
    server.start()
    server.stop()
    assert saved(server)[0] == "interrupted"
