"""A stop in the middle of a reply: it may finish, or it keeps what it has. Nobody need watch."""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
import requests

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.inhabited import inhabited_folder
from tests.e2e.site import PASSWORD, Site
from tests.server.startup.saved_replies import read_replies
from tests.waiting import wait_until


@pytest.fixture(scope="module", params=["gevent", "gthread"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, OfflineModel]]:
    environment = {"WORKER_CLASS": request.param, "CHECKPOINT_INTERVAL": "0.1"}
    folder = tmp_path_factory.mktemp("stopping")
    with OfflineModel() as model, Site(folder, model.base_url, **environment) as site:
        site.begin_as(inhabited_folder())
        yield site, model


def start_and_ask(site: Site, *, grace: float) -> None:
    """Signs in and sends a message; returns when the first words of the reply are saved."""
    site.environment["SHUTDOWN_GRACE"] = str(grace)
    site.start()
    with requests.Session() as session:
        session.get(f"{site.url}/accounts/login/", timeout=10)
        post(session, f"{site.url}/accounts/login/", login="alice", password=PASSWORD)
        post(session, f"{site.url}/", text="Hello", token="once")
    wait_until(lambda: saved(site)[1], "the first saved words", 20, instead=site.read_log)


def post(session: requests.Session, url: str, **fields: str) -> None:
    fields["csrfmiddlewaretoken"] = session.cookies["csrftoken"]
    response = session.post(url, data=fields, allow_redirects=False, timeout=10)
    assert response.status_code == 302, response.text


def saved(site: Site) -> tuple[str, str]:
    """Status and text of the one reply."""
    [reply] = read_replies(site)
    return reply


@pytest.fixture(autouse=True)
def no_replies_yet(site: tuple[Site, OfflineModel]) -> None:
    with closing(sqlite3.connect(site[0].data_dir / "db.sqlite3")) as database, database:
        database.execute("DELETE FROM conversations_message")
        database.execute("DELETE FROM conversations_conversation")


@pytest.fixture
def gate(site: tuple[Site, OfflineModel]) -> Gate:
    """Holds the next reply, "One two three four.", after its first words."""
    (gate := Gate()).release(2)
    site[1].script(Fault(text="One two three four.", gate=gate))
    return gate


def test_a_reply_may_finish(site: tuple[Site, OfflineModel], gate: Gate) -> None:
    server, _ = site
    start_and_ask(server, grace=20)
    assert server.process
    server.process.send_signal(signal.SIGTERM)
    gate.open()
    server.stop()
    assert saved(server) == ("complete", "One two three four.")


def test_a_reply_that_takes_too_long_keeps_what_it_has(
    site: tuple[Site, OfflineModel], gate: Gate
) -> None:
    server, _ = site
    start_and_ask(server, grace=0.5)
    server.stop(signal.SIGTERM)
    status, text = saved(server)
    assert status == "interrupted"
    assert text.startswith("One")
    assert "four" not in text


def test_a_killed_server_says_so_when_it_is_back(
    site: tuple[Site, OfflineModel], gate: Gate
) -> None:
    server, _ = site
    start_and_ask(server, grace=20)
    server.stop(signal.SIGKILL)
    server.start()
    server.stop()
    status, text = saved(server)
    assert status == "interrupted"
    assert text.startswith("One")
