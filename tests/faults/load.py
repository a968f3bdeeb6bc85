"""Conversations that go on while something breaks, and the one thing that has to hold afterwards.

Each message says itself what the model is to answer, so what a reply has to be is known.
"""

import itertools
import random
import threading
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Self

import psycopg
import requests

from tests.e2e.site import Site
from tests.server.startup.visitor import Followed, Visitor
from tests.waiting import wait_until

# Words of a reply, and how many of them the model says in a second.
WORDS = 24
RATE = 40
# Seconds until nobody can be at a reply any more: one of a dead process is noticed after 30.
TIMEOUT = 75.0
RUNNING = "SELECT id, status FROM conversations_message WHERE status IN ('pending', 'streaming')"


@dataclass(frozen=True)
class Sent:
    """A message, and what the model answers to it."""

    name: str
    reply: str
    # Of its conversation; "" unless it was answered with success.
    path: str

    @property
    def first_word(self) -> str:
        return self.reply.partition(" ")[0]

    @property
    def last_word(self) -> str:
        return self.reply.rpartition(" ")[2]


class Conversations:
    """Sends messages and remembers them. May be used from any thread."""

    def __init__(self, sites: Sequence[Site], database_url: str) -> None:
        self.visitors = [Visitor(site) for site in sites]
        self.sent: list[Sent] = []
        self._database_url = database_url
        self._count = itertools.count(1)
        self._prefix = uuid.uuid4().hex[:8]
        self._followed: list[Followed] = []

    def close(self) -> None:
        """End all connections."""
        while self._followed:
            self._followed.pop().close()
        for visitor in self.visitors:
            visitor.session.close()

    def send(self, site: int = 0, faults: str = "") -> Sent:
        """Begin a conversation; what happens to it is noted, whatever that is."""
        number = next(self._count)
        name = f"{self._prefix}-{number}"
        reply = " ".join(f"{number}.{word}" for word in range(WORDS))
        text, path = f"Message {name}\n/fault rate={RATE} text='{reply}' {faults}", ""
        with suppress(requests.RequestException):
            response = self.visitors[site].post("/", text=text, token=name)
            path = response.headers["Location"] if response.status_code == 302 else ""
        sent = Sent(name, reply, path)
        self.sent.append(sent)
        return sent

    def follow(self, site: int, sent: Sent) -> Followed | None:
        """None where the reply has ended, or nobody can say."""
        with suppress(requests.RequestException, AssertionError):
            followed = self.visitors[site].follow(sent.path)
            self._followed.append(followed)
            return followed
        return None

    def stop(self, site: int, sent: Sent) -> None:
        """Press Stop, if it is still there."""
        response = self.visitors[site].post(f"{sent.path}stop/")
        assert response.status_code == 302, response.text

    def wait_until_ended(self) -> None:
        list_running = partial(self._ask, RUNNING)
        wait_until(lambda: not list_running(), "the end of all", TIMEOUT, instead=list_running)

    def check(self, expected: frozenset[str] = frozenset({"complete"})) -> dict[str, int]:
        """The invariant: nothing that was taken is lost or doubled, and all that runs ends. Return
        how often each status is there; none but those expected are.
        """
        self.wait_until_ended()
        rows = self._ask(
            "SELECT user_message.text, reply.text, reply.status FROM conversations_message reply "
            "JOIN conversations_message user_message ON user_message.id = reply.parent_id "
            "WHERE user_message.text LIKE %s",
            f"Message {self._prefix}-%",
        )
        statuses: dict[str, int] = {}
        for sent in self.sent:
            mine = [row for row in rows if row[0].startswith(f"Message {sent.name}\n")]
            assert len(mine) == 1 or not (mine or sent.path), f"{sent} is there {len(mine)}x"
            for _text, reply, status in mine:
                # Of a message whose commit nobody heard of nobody began to write the reply.
                allowed = expected if sent.path else {*expected, "interrupted"}
                assert status in allowed, f"{sent} ended as {status}: {reply!r}"
                assert sent.reply.startswith(reply), f"{sent}: {reply!r}"
                assert status != "complete" or reply == sent.reply, f"{sent}: {reply!r}"
                statuses[status] = statuses.get(status, 0) + 1
        assert len(rows) <= len(self.sent)
        return statuses

    def _ask(self, query: str, *values: str) -> list[tuple[str, ...]]:
        with psycopg.connect(self._database_url) as connection:
            return connection.execute(query.encode(), values).fetchall()


class Senders:
    """Threads that send without a pause, to any of the sites, until the end of the `with`."""

    def __init__(self, conversations: Conversations, randomness: random.Random, count: int) -> None:
        self._conversations = conversations
        self._choices = [random.Random(randomness.random()) for _ in range(count)]
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(c,)) for c in self._choices]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _run(self, choices: random.Random) -> None:
        sites = range(len(self._conversations.visitors))
        while not self._is_over.wait(choices.uniform(0.05, 0.3)):
            self._conversations.send(choices.choice(sites))
