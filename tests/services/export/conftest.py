"""A conversation to export."""

import pytest

from chatsite.accounts.models import User
from conversations.models import Conversation
from tests.factories import make_conversation
from tests.services.export.archives import CREATED


@pytest.fixture
def conversation(alice: User) -> Conversation:
    conversation = make_conversation(alice, "Hello", "Hello to you.")
    Conversation.objects.filter(pk=conversation.pk).update(created_at=CREATED)
    return conversation
