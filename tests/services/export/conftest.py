"""A conversation to export."""

import pytest

from conversations.models import Conversation
from tests.services.export.archives import CREATED


@pytest.fixture
def conversation(conversation: Conversation) -> Conversation:
    """As all tests have it, begun at a known time."""
    Conversation.objects.filter(pk=conversation.pk).update(created_at=CREATED)
    return conversation
