"""What the tests of replies start from."""

import pytest

from chatsite.accounts.models import User
from conversations.models import Conversation
from tests.factories import make_conversation


@pytest.fixture
def conversation(alice: User) -> Conversation:
    """alice's, and it is the model's turn."""
    return make_conversation(alice, "Hello")
