"""Daily figures, counted as messages finish and feedback is given."""

from collections.abc import Sequence

from conversations.models import Message


def count(messages: Sequence[Message]) -> None:
    pass


def count_usage(replies: Sequence[Message]) -> None:
    """Of replies that are counted already, but for what they took."""


def count_feedback(message: Message, *, before: str, after: str) -> None:
    pass
