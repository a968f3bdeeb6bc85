"""A busy site: the model misbehaves, replies are stopped, servers are restarted."""

import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.db import connection

from tests.faults.conftest import FOLLOWER, WRITER, Cluster
from tests.faults.load import Conversations, Senders
from tests.server.startup.visitor import TIMEOUT

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")

# How the model misbehaves, and how a reply then ends.
UPSTREAM = [
    ("stall=5 stall_filler=comments", "failed"),
    ("stall=headers", "failed"),
    ("cut=5", "failed"),
    ("cut=headers", "failed"),
    ("error=5", "failed"),
    ("malformed=5", "failed"),
    ("rate=0", "complete"),
]


def test_a_model_that_stalls_cuts_and_floods_leaves_nothing_running(
    cluster: Cluster, conversations: Conversations
) -> None:
    before = [cluster.read_holdings(site) for site in (WRITER, FOLLOWER)]
    ends = []
    for faults, status in UPSTREAM:
        sent = conversations.send(WRITER, faults)
        conversations.follow(FOLLOWER, sent)
        ends.append((sent, status))
    flood = conversations.send(WRITER, "stall=5 stall_filler=bytes stall_every=0")
    # Others are served meanwhile.
    assert conversations.visitors[WRITER].get(flood.path).status_code == 200
    conversations.check(frozenset({"complete", "failed"}))
    for sent, status in [*ends, (flood, "failed")]:
        conversations.visitors[FOLLOWER].wait_for_reply(sent.path, status)
    for site in (WRITER, FOLLOWER):
        cluster.wait_for_holdings(site, before[site])


def test_a_hundred_stops_at_random_moments_leave_nothing_running(
    cluster: Cluster, conversations: Conversations, randomness: random.Random
) -> None:
    before = [cluster.read_holdings(site) for site in (WRITER, FOLLOWER)]

    def send_and_stop(pause: float, site: int) -> None:
        sent = conversations.send(WRITER)
        time.sleep(pause)
        conversations.stop(site, sent)

    with ThreadPoolExecutor(4) as pool:
        pauses = [randomness.uniform(0, 0.9) for _ in range(100)]
        sites = [randomness.choice((WRITER, FOLLOWER)) for _ in range(100)]
        list(pool.map(send_and_stop, pauses, sites))
    statuses = conversations.check(frozenset({"complete", "stopped"}))
    assert statuses["stopped"] > 50
    for site in (WRITER, FOLLOWER):
        cluster.wait_for_holdings(site, before[site])


def test_restarts_under_load_refuse_nobody_and_cut_no_reply(
    cluster: Cluster, conversations: Conversations, randomness: random.Random
) -> None:
    with Senders(conversations, randomness, 2), Callers(cluster) as callers:
        for site in (WRITER, FOLLOWER):
            restart(cluster, site)
    assert callers.failures == []
    assert callers.count > 20
    assert all(sent.path for sent in conversations.sent)
    conversations.check()


def restart(cluster: Cluster, site: int) -> None:
    """Return once the old process is gone, and a new one in its place."""
    old = cluster.worker(site)
    process = cluster.sites[site].process
    assert process
    process.send_signal(signal.SIGHUP)
    cluster.wait_for_another(site, old)


class Callers:
    """Ask both servers for pages without a pause, each time by a new connection."""

    def __init__(self, cluster: Cluster) -> None:
        self.count = 0
        self.failures: list[str] = []
        self._urls = [f"{site.url}/accounts/login/" for site in cluster.sites]
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(url,)) for url in self._urls]

    def __enter__(self) -> "Callers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _run(self, url: str) -> None:
        while not self._is_over.wait(0.02):
            try:
                requests.get(url, timeout=TIMEOUT).raise_for_status()
            except requests.RequestException as error:
                self.failures.append(repr(error))
            self.count += 1
