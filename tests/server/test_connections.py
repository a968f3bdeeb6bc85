"""Connections that wait, and responses that nobody reads."""

import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import requests

from chatsite.server.connection_pool import ConnectionPool
from tests.e2e.site import Site
from tests.server.raw_http import TIMEOUT, Line, head

type Pairs = list[tuple[socket.socket, socket.socket]]


@pytest.mark.parametrize("sent", [b"", b"GET /livez/ HT", head()[:-2]])
def test_headers_that_never_end_are_given_up(small: Site, sent: bytes) -> None:
    with Line(small.port, sent) as line:
        assert line.read_answer().status is None


def test_headers_that_drip_are_given_up(small: Site) -> None:
    with Line(small.port, b"GET /livez/ HTTP/1.1\r\nX: ") as line:
        # A byte each time that nothing has come back for a moment.
        line.send_until_closed(b"x", every=0.2)


def test_silent_connections_give_way_to_the_next(small: Site) -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(Line(small.port)) for _ in range(300)]
        page = requests.get(f"{small.url}/accounts/login/", timeout=TIMEOUT)
        assert page.status_code == 200
        assert silent[0].read_answer().status is None


def test_a_response_that_nobody_reads_is_given_up(small: Site) -> None:
    page = requests.get(f"{small.url}/accounts/login/", timeout=TIMEOUT)
    script = page.text.partition('src="')[2].partition('"')[0]
    with Line(small.port) as line:
        line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.send(head(path=script, method="GET") * 5_000)
        poll = select.poll()
        poll.register(line.socket, select.POLLRDHUP)
        assert poll.poll(TIMEOUT * 1000)


@pytest.fixture
def pairs() -> Iterator[Pairs]:
    """The server's end and the client's, of three connections."""
    pairs = [socket.socketpair() for _ in range(3)]
    for _, client in pairs:
        client.setblocking(False)
    yield pairs
    for pair in pairs:
        for end in pair:
            end.close()


def is_closed(client: socket.socket) -> bool:
    try:
        return client.recv(1) == b""
    except BlockingIOError:
        return False


def test_the_connection_that_has_waited_longest_goes_first(pairs: Pairs) -> None:
    pool = ConnectionPool(2)
    for server, _ in pairs:
        pool.open(server)
    assert [is_closed(client) for _, client in pairs] == [True, False, False]


def test_a_connection_that_is_being_answered_stays(pairs: Pairs) -> None:
    pool = ConnectionPool(2)
    pool.begin(pool.open(pairs[0][0]))
    for server, _ in pairs[1:]:
        pool.open(server)
    assert [is_closed(client) for _, client in pairs] == [False, True, False]


def test_a_connection_that_was_answered_waits_again_as_the_last(pairs: Pairs) -> None:
    pool = ConnectionPool(2)
    first = pool.open(pairs[0][0])
    pool.open(pairs[1][0])
    pool.begin(first)
    pool.end(first)
    pool.open(pairs[2][0])
    assert [is_closed(client) for _, client in pairs] == [False, True, False]
