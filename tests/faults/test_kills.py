"""`kill -9`, at a random moment, of the process that writes replies, of one that shows them, and of
Redis: again and again on one running site.
"""

import os
import random
import signal
import time

import pytest
from django.db import connection

from tests.faults.conftest import FOLLOWER, WRITER, Cluster
from tests.faults.load import Conversations

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")

# Messages that are sent before each kill, and seconds within which it comes.
MESSAGES = 3
LATEST = 0.8


def kill_worker(cluster: Cluster, site: int) -> None:
    """Return once another one answers in its place."""
    killed = cluster.worker(site)
    os.kill(killed, signal.SIGKILL)
    cluster.wait_for_another(site, killed)


def send_and_follow(conversations: Conversations, randomness: random.Random) -> None:
    """Some of them are followed from the other server; return at a random moment of all that."""
    for number in range(MESSAGES):
        sent = conversations.send(WRITER)
        if sent.path and number == 0:
            conversations.follow(FOLLOWER, sent)
    time.sleep(randomness.uniform(0, LATEST))


def test_killed_writers_lose_nothing_but_the_rest_of_a_reply(
    cluster: Cluster, conversations: Conversations, randomness: random.Random, rounds: int
) -> None:
    send_and_follow(conversations, randomness)
    conversations.check()
    before = cluster.read_holdings(FOLLOWER)
    for _ in range(rounds):
        send_and_follow(conversations, randomness)
        kill_worker(cluster, WRITER)
    statuses = conversations.check(frozenset({"complete", "interrupted"}))
    assert statuses["interrupted"]
    cluster.wait_for_holdings(FOLLOWER, before)


def test_killed_followers_cost_no_reply(
    cluster: Cluster, conversations: Conversations, randomness: random.Random, rounds: int
) -> None:
    send_and_follow(conversations, randomness)
    conversations.check()
    before = cluster.read_holdings(WRITER)
    for _ in range(rounds):
        send_and_follow(conversations, randomness)
        kill_worker(cluster, FOLLOWER)
    conversations.check()
    cluster.wait_for_holdings(WRITER, before)


def test_a_killed_redis_costs_no_reply(
    cluster: Cluster, conversations: Conversations, randomness: random.Random, rounds: int
) -> None:
    send_and_follow(conversations, randomness)
    conversations.check()
    before = [cluster.read_holdings(site) for site in (WRITER, FOLLOWER)]
    for _ in range(rounds):
        send_and_follow(conversations, randomness)
        cluster.redis.kill()
        time.sleep(randomness.uniform(0, LATEST))
        cluster.redis.start()
    conversations.check()
    for site in (WRITER, FOLLOWER):
        cluster.wait_for_holdings(site, before[site])
    # All is as it was, without a restart.
    followed = conversations.follow(FOLLOWER, conversations.send(WRITER))
    assert followed
    followed.wait_for("event: end")
