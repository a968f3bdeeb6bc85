"""Redis stops, hangs, and is emptied while replies are written; and a process that hangs."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection

from tests.faults.conftest import FOLLOWER, WRITER, Cluster
from tests.faults.load import Conversations, Senders
from tests.server.startup.visitor import TIMEOUT
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")

# Seconds in which anything is answered while Redis is away, on a busy machine too.
SLOWEST = 15.0


@contextmanager
def stopped(cluster: Cluster) -> Iterator[None]:
    cluster.redis.kill()
    try:
        yield
    finally:
        cluster.redis.start()


@contextmanager
def hanging(cluster: Cluster) -> Iterator[None]:
    cluster.redis.pause()
    try:
        yield
    finally:
        cluster.redis.resume()


@pytest.mark.parametrize("away", [stopped, hanging])
def test_while_redis_is_away_replies_are_written_shown_and_stopped(
    cluster: Cluster,
    conversations: Conversations,
    away: Callable[[Cluster], AbstractContextManager[None]],
) -> None:
    before = [cluster.read_holdings(site) for site in (WRITER, FOLLOWER)]
    running = conversations.send(WRITER)
    with away(cluster):
        began = time.monotonic()
        sent = conversations.send(WRITER)
        assert sent.path
        followed = conversations.follow(FOLLOWER, sent)
        assert followed
        # By what is saved.
        followed.wait_for("event: end")
        to_stop = conversations.send(WRITER)
        conversations.visitors[FOLLOWER].stop(to_stop.path)
        assert time.monotonic() - began < 4 * SLOWEST
        for each in (running, sent, to_stop):
            assert conversations.visitors[FOLLOWER].get(each.path).status_code == 200
    statuses = conversations.check(frozenset({"complete", "stopped"}))
    assert statuses["complete"] >= 2
    for site in (WRITER, FOLLOWER):
        cluster.wait_for_holdings(site, before[site])
    assert_followed(conversations)


def test_an_emptied_redis_costs_no_word(
    cluster: Cluster, conversations: Conversations, randomness: random.Random, rounds: int
) -> None:
    with Senders(conversations, randomness, 2):
        for _ in range(rounds):
            sent = conversations.send(WRITER)
            followed = conversations.follow(FOLLOWER, sent)
            time.sleep(randomness.uniform(0, 0.5))
            cluster.redis.flush()
            if followed:
                followed.wait_for("event: end")
    conversations.check()
    assert_followed(conversations)


def test_a_reply_of_a_process_that_hangs_can_be_stopped(
    cluster: Cluster, conversations: Conversations
) -> None:
    # Slow enough that it goes on until the process hangs.
    sent = conversations.send(WRITER, "rate=2")
    followed = conversations.follow(FOLLOWER, sent)
    assert followed
    followed.wait_for("event:")
    worker = cluster.worker(WRITER)
    os.kill(worker, signal.SIGSTOP)
    try:
        conversations.visitors[FOLLOWER].stop(sent.path)
        conversations.visitors[FOLLOWER].wait_for_reply(sent.path, "stopped")
    finally:
        os.kill(worker, signal.SIGCONT)
    assert conversations.check(frozenset({"stopped"})) == {"stopped": 1}
    assert_followed(conversations)


def assert_followed(conversations: Conversations) -> None:
    """What one process writes another shows as it comes: within less than a checkpoint."""
    followed = wait_until(
        lambda: conversations.follow(FOLLOWER, conversations.send(WRITER)),
        "a reply that is followed",
        TIMEOUT,
    )
    followed.wait_for("event: end")
