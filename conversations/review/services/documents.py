"""Documents to search: messages and titles, folded."""

import uuid
from collections.abc import Collection, Sequence

from conversations.models import Message
from conversations.review.models import MessageDocument


def made_of(messages: Sequence[Message]) -> list[MessageDocument]:
    return []


def save(made: Sequence[MessageDocument], messages: Sequence[Message]) -> None:
    """Those of the documents that are of these messages."""


def save_titles(conversation_ids: Collection[uuid.UUID]) -> None:
    pass
