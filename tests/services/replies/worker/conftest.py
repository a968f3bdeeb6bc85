"""What the tests of the worker start from."""

import pytest

from conversations.models import Conversation, Message


@pytest.fixture
def message(conversation: Conversation) -> Message:
    return conversation.messages.get()
