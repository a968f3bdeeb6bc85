"""More streams than a user may have, and more than the site takes."""

import gc
from threading import Event, Thread

from django.test import Client
from pytest_django import Settings

from conversations.services.replies import streams
from conversations.services.replies.channel import LiveReply
from tests.views.streams import finish, message_of, names, open_stream, stream_url


def test_the_oldest_stream_of_a_user_gives_way(
    alice_client: Client, running: LiveReply, settings: Settings
) -> None:
    settings.MAX_STREAMS_PER_USER = 2
    followers = [open_stream(alice_client, running) for _ in range(3)]
    assert names("".join(followers[0])) == ["stream:paused", "end"]
    running.publish("For the others.")
    assert "For the others." in next(followers[1])
    assert "For the others." in next(followers[2])


def test_a_stream_that_waits_gives_way_at_once(
    alice_client: Client, running: LiveReply, settings: Settings
) -> None:
    settings.MAX_STREAMS_PER_USER = 1
    ended = Event()
    waiting = open_stream(alice_client, running)

    def read_on() -> None:
        list(waiting)
        ended.set()

    thread = Thread(target=read_on)
    thread.start()
    newer = open_stream(alice_client, running)
    assert ended.wait(10)
    thread.join()
    finish(running)
    assert names("".join(newer))[-1] == "end"


def test_a_stream_that_ended_does_not_count() -> None:
    # Streams that other tests have read a part of end with the garbage.
    gc.collect()
    before = streams.replies.count_streams()
    with streams.replies.open_stream(0, lambda: None):
        assert streams.replies.count_streams() == before + 1
    assert streams.replies.count_streams() == before


def test_streams_of_others_stay(
    alice_client: Client, running: LiveReply, settings: Settings
) -> None:
    settings.MAX_STREAMS_PER_USER = 1
    follower = open_stream(alice_client, running)
    with streams.replies.open_stream(0, lambda: None), streams.replies.open_stream(0, lambda: None):
        running.publish("Still there.")
        assert "Still there." in next(follower)


def test_beyond_all_streams_the_next_is_told_to_try_again(
    alice_client: Client, running: LiveReply, settings: Settings
) -> None:
    follower = open_stream(alice_client, running)
    settings.MAX_STREAMS = 1
    refused = alice_client.get(stream_url(message_of(running)))
    assert refused.status_code == 503
    assert refused["Retry-After"] == "5"
    finish(running)
    list(follower)
