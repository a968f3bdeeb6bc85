"""Conversations that the model gives their titles."""

from collections.abc import Callable

import pytest

from chatsite.accounts.models import User
from conversations.models import Conversation
from tests.factories import make_conversation
from tests.services.titling import MESSAGE, wait_titled
from tests.services.writing import write_reply


@pytest.fixture
def untitled(alice: User) -> Conversation:
    """alice's, with a message that no reply has been begun to."""
    return make_conversation(alice, MESSAGE, title="Please explain how")


@pytest.fixture
def write(titles: None, untitled: Conversation) -> Callable[[], Conversation]:
    """Has the first reply written, and returns its conversation once it has its title, or none."""

    def write() -> Conversation:
        write_reply(untitled)
        return wait_titled(untitled)

    return write
