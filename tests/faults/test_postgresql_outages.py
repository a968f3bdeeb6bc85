"""PostgreSQL refuses connections, hangs, or has none left, while two servers write replies."""

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection

from tests.faults.conftest import FOLLOWER, WRITER, Cluster
from tests.faults.load import Conversations, Senders

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")


# People who send at once, more than have a connection each.
CROWD = 8


@contextmanager
def refusing(cluster: Cluster) -> Iterator[None]:
    cluster.postgresql.refuse()
    try:
        yield
    finally:
        cluster.postgresql.come_back()


@contextmanager
def hanging(cluster: Cluster) -> Iterator[None]:
    cluster.postgresql.hang()
    try:
        yield
    finally:
        cluster.postgresql.come_back()


@contextmanager
def out_of_connections(cluster: Cluster) -> Iterator[None]:
    """The server answers whoever connects, and says that it has too many clients."""
    cluster.role.limit(0)
    cluster.role.cut()
    try:
        yield
    finally:
        cluster.role.limit(-1)


@pytest.mark.parametrize("away", [refusing, hanging, out_of_connections])
def test_while_postgresql_is_away_no_word_of_a_running_reply_is_lost(
    cluster: Cluster,
    conversations: Conversations,
    randomness: random.Random,
    rounds: int,
    away: Callable[[Cluster], AbstractContextManager[None]],
) -> None:
    with Senders(conversations, randomness, 2):
        for _ in range(rounds):
            sent = conversations.send(WRITER)
            followed = conversations.follow(FOLLOWER, sent)
            if followed:
                # One that is not begun by then fails, as its writer can't take it up.
                followed.wait_for(sent.first_word)
            time.sleep(randomness.uniform(0, 0.3))
            with away(cluster):
                assert conversations.visitors[WRITER].get("/").status_code == 503
                assert conversations.visitors[WRITER].get("/livez/").status_code == 200
                if followed:
                    # From the memory of the process that writes it, by way of Redis.
                    followed.wait_for(sent.last_word)
            wait_until_back(conversations)
    # Those whose writer could not even take them up are told so.
    statuses = conversations.check(frozenset({"complete", "failed"}))
    # What processes hold isn't compared: the pool keeps the connections of a crowd for ten minutes.
    assert statuses["complete"] > statuses.get("failed", 0)


def test_those_connections_that_there_are_serve_everybody_where_there_are_no_more(
    cluster: Cluster, conversations: Conversations
) -> None:
    # A few each, as after a quiet time.
    cluster.role.cut()
    wait_until_back(conversations)
    cluster.role.limit(0)
    try:
        with ThreadPoolExecutor(CROWD) as pool:
            sites = [WRITER, FOLLOWER] * CROWD
            sent = list(pool.map(conversations.send, sites))
    finally:
        cluster.role.limit(-1)
    assert all(each.path for each in sent)
    conversations.check()


def wait_until_back(conversations: Conversations) -> None:
    for visitor in conversations.visitors:
        visitor.wait_until_served()
