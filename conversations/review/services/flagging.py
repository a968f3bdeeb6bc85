"""Flags by rule, put on new messages."""

import uuid
from collections.abc import Sequence

from conversations.models import Message


def matches(messages: Sequence[Message]) -> list[tuple[Message, int]]:
    """Which message matches which rule (its id)."""
    return []


def flag(found: Sequence[tuple[Message, int]], messages: Sequence[Message]) -> set[uuid.UUID]:
    """Flags those that are among `messages`; returns their conversations."""
    return set()
