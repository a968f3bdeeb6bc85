"""What only Redis brings about: gaps, trimming, a server that is away or was emptied."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from chatsite.redis import client
from chatsite.redis.connected import Link
from conversations.models import Conversation, Message
from conversations.services.replies.channel import FollowedReply, LiveReply
from conversations.services.replies.redis import LENGTH, RedisChannel, name_stream
from tests.redis_server import TIMEOUT, make_link
from tests.server_proxy import ServerProxy
from tests.services.replies.test_channels import has_text
from tests.waiting import wait_until


@pytest.fixture
def line(redis: None, settings: Settings) -> Iterator[ServerProxy]:
    """The way to Redis."""
    proxy = ServerProxy(settings.REDIS_URL)
    settings.REDIS_URL = proxy.url
    client.close_client()
    yield proxy
    proxy.close()


@pytest.fixture
def links(line: ServerProxy) -> Iterator[tuple[Link, Link]]:
    both = make_link(), make_link()
    yield both
    for link in both:
        link.close()


@pytest.fixture
def reply(links: tuple[Link, Link]) -> Iterator[LiveReply]:
    channel = RedisChannel(links[0])
    message = Message(pk=7, conversation=Conversation(pk=uuid.uuid4(), owner_id=1))
    reply = channel.open_reply(message)
    yield reply
    channel.close_reply(reply)


@pytest.fixture
def other(links: tuple[Link, Link]) -> RedisChannel:
    """The channel of a process that follows."""
    return RedisChannel(links[1])


def follow(channel: RedisChannel) -> FollowedReply:
    return wait_until(lambda: channel.follow_reply(7), "the reply")


def count_entries() -> int:
    found: Any = client.get_client().xlen(name_stream(7))
    return int(found)


def empty_redis() -> None:
    """Take away everything of this test's."""
    redis = client.get_client()
    for key in redis.scan_iter(match=client.make_key("*")):
        redis.delete(key)


def test_a_stream_is_trimmed_while_it_grows(other: RedisChannel, reply: LiveReply) -> None:
    followed, text = follow(other), ""
    for number in range(LENGTH + 10):
        text += f"{number} "
        reply.publish(f"{number} ")
        assert has_text(followed, text)
    assert count_entries() < LENGTH


def test_a_stream_does_not_stay(other: RedisChannel, reply: LiveReply) -> None:
    follow(other)
    lifetime: Any = client.get_client().ttl(name_stream(7))
    assert 0 < lifetime <= 900


def test_after_redis_was_emptied_who_follows_has_every_word(
    other: RedisChannel, reply: LiveReply
) -> None:
    followed = follow(other)
    reply.publish("One")
    assert has_text(followed, "One")
    empty_redis()
    reply.publish(" two")
    assert has_text(followed, "One two")


def test_after_redis_was_emptied_a_new_follower_has_every_word(
    other: RedisChannel, reply: LiveReply
) -> None:
    reply.publish("One")
    follow(other)
    empty_redis()
    reply.publish(" two")
    assert has_text(follow(other), "One two")


def test_while_redis_is_away_nobody_is_followed_elsewhere(
    line: ServerProxy, links: tuple[Link, Link], other: RedisChannel, reply: LiveReply
) -> None:
    follow(other)
    line.refuse()
    assert RedisChannel(links[1]).follow_reply(7) is None
    line.come_back()


def test_when_redis_is_back_who_follows_has_every_word(
    line: ServerProxy, other: RedisChannel, reply: LiveReply
) -> None:
    followed = follow(other)
    reply.publish("One")
    assert has_text(followed, "One")
    line.refuse()
    reply.publish(" two")
    line.come_back()
    reply.publish(" three")
    assert has_text(followed, "One two three")


def test_an_end_that_came_while_redis_was_away_is_told_when_it_is_back(
    line: ServerProxy, other: RedisChannel, reply: LiveReply
) -> None:
    followed = follow(other)
    line.refuse()
    reply.publish("One")
    reply.finish()
    line.come_back()
    assert followed.wait_done(TIMEOUT)
    assert followed.text_after(0)[0] == "One"


def test_the_writer_s_own_process_needs_no_redis(
    line: ServerProxy, links: tuple[Link, Link]
) -> None:
    line.refuse()
    channel = RedisChannel(links[0])
    message = Message(pk=8, conversation=Conversation(pk=uuid.uuid4(), owner_id=1))
    reply = channel.open_reply(message)
    reply.publish("One")
    followed = channel.follow_reply(8)
    assert followed
    assert followed.text_after(0)[0] == "One"
    channel.close_reply(reply)
    assert followed.wait_done(TIMEOUT)
    line.come_back()
