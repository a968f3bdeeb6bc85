"""The disks of two servers are full when PostgreSQL goes away: what ends meanwhile can't be kept in
a file either.
"""

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from django.db import connection

from conversations.offline_model import OfflineModel
from tests.e2e.site import Site
from tests.faults.conftest import FOLLOWER, WRITER, Cluster
from tests.faults.load import Conversations, Sent
from tests.server.outages import is_full, small_disk
from tests.server.startup.visitor import Visitor
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")


@pytest.fixture
def sites(cluster: Cluster, tmp_path: Path) -> Iterator[list[Site]]:
    """Two more servers of the site, each with a small disk that is full."""
    with ExitStack() as stack:
        model = stack.enter_context(OfflineModel())
        sites = []
        for name in ("third", "fourth"):
            (folder := tmp_path / name).mkdir()
            stack.enter_context(small_disk(folder, 64))
            (logs := tmp_path / f"{name}-log").mkdir()
            environment = cluster.environment | {"DATA_DIR": str(folder), "SHUTDOWN_GRACE": "0.5"}
            site = stack.enter_context(Site(logs, model.base_url, **environment))
            site.start()
            sites.append(site)
            with (folder / "filler").open("ab", buffering=0) as file:
                assert is_full(file)
        yield sites


@pytest.fixture
def conversations(sites: list[Site], cluster: Cluster) -> Iterator[Conversations]:
    conversations = Conversations(sites, cluster.database_url)
    yield conversations
    conversations.close()


def send_to_both(conversations: Conversations) -> list[Sent]:
    """Return once replies are under way on both servers."""
    # So slow that each is still under way when the last has begun.
    sent = [conversations.send(site, "rate=4") for site in (WRITER, FOLLOWER) for _ in range(2)]
    for each in sent:
        followed = conversations.follow(WRITER, each)
        assert followed
        followed.wait_for(each.first_word)
    return sent


def wait_until_written(conversations: Conversations, sites: list[Site]) -> None:
    """Return once both have tried in vain to save what has ended."""
    for visitor, site in zip(conversations.visitors, sites, strict=True):
        wait_until(partial(has_tried, visitor, site), "the second try", 30, instead=site.read_log)


def has_tried(visitor: Visitor, site: Site) -> bool:
    """And lives meanwhile."""
    assert visitor.get("/livez/").status_code == 200
    return site.read_log().count("can't be kept in a file") >= 2


def test_what_ends_meanwhile_is_saved_when_postgresql_is_back(
    cluster: Cluster, conversations: Conversations, sites: list[Site]
) -> None:
    send_to_both(conversations)
    cluster.postgresql.refuse()
    try:
        wait_until_written(conversations, sites)
    finally:
        cluster.postgresql.come_back()
    assert conversations.check() == {"complete": 4}


def test_room_that_was_kept_takes_it_where_the_servers_are_stopped_before(
    cluster: Cluster, conversations: Conversations, sites: list[Site]
) -> None:
    send_to_both(conversations)
    cluster.postgresql.refuse()
    try:
        wait_until_written(conversations, sites)
        for site in sites:
            site.stop(signal.SIGTERM)
    finally:
        cluster.postgresql.come_back()
    for site in sites:
        (Path(site.environment["DATA_DIR"]) / "filler").unlink()
        site.start()
    # A server that lives calls them interrupted where that takes longer; their words are all there.
    conversations.check(frozenset({"complete", "interrupted"}))
    for each in conversations.sent:
        assert each.reply in conversations.visitors[WRITER].get(each.path).text
