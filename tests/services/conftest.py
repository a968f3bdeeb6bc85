"""Replies that a test holds still."""

from collections.abc import Iterator

import pytest

from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services.replies.channel import get_channel

TEXT = "One two three four."  # five tokens


@pytest.fixture
def gate(model: OfflineModel) -> Iterator[Gate]:
    """Each token of every reply waits at it."""
    gate = Gate()
    model.script(Fault(gate=gate, text=TEXT, times=20))
    yield gate
    gate.open()
    # While the model is still there: one that goes away is not what these tests are about.
    for reply in get_channel().list_replies():
        assert reply.wait_done(10)
