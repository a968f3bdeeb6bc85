"""`/streamz/`: for whoever wants to know whether streams arrive as they are sent."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatsite.server.streamz import MOST_AT_ONCE, PIECES, OpenStreams, _open


def test_it_asks_no_database_and_no_proxy_to_wait(
    alice_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = alice_client.get("/streamz/")
        pieces = b"".join(response)
    assert pieces == b"".join(PIECES)
    assert response["X-Accel-Buffering"] == "no"
    assert "no-transform" in response["Cache-Control"]


def test_whoever_asks_is_answered_by_whatever_name(client: Client) -> None:
    assert client.get("/streamz/", headers={"Host": "10.0.0.7"}).status_code == 200


def test_beyond_a_few_at_once_the_next_is_told_to_come_back(client: Client) -> None:
    streams = [_open.send_pieces() for _ in range(MOST_AT_ONCE)]
    for stream in streams:
        next(stream)
    response = client.get("/streamz/")
    assert (response.status_code, response["Retry-After"]) == (503, "1")
    streams.clear()
    assert client.get("/streamz/").status_code == 200


def test_a_reader_that_leaves_makes_room() -> None:
    streams = OpenStreams(1)
    first = streams.send_pieces()
    next(first)
    assert list(streams.send_pieces()) == []
    del first
    assert not streams.is_full()
