"""A conversation to hold, and one that is held."""

import pytest

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.retention import holds

REASON = "Case 2031"


@pytest.fixture
def talk(conversation: Conversation) -> Conversation:
    """alice's, with its events processed."""
    worker.process_outbox()
    return conversation


@pytest.fixture
def held(talk: Conversation, ada: User) -> Conversation:
    holds.put_hold(conversation=talk, reason=REASON, by=ada)
    return Conversation.objects.get()
