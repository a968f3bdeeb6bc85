"""What the tests of the pages share."""

from collections.abc import Iterator

import pytest

from conversations.models import Conversation
from conversations.services.replies.channel import LiveReply, get_channel
from tests.factories import add_pending_reply


@pytest.fixture
def running(conversation: Conversation) -> Iterator[LiveReply]:
    """A reply that this test writes word by word."""
    reply = get_channel().open_reply(add_pending_reply(conversation))
    yield reply
    get_channel().close_reply(reply)
