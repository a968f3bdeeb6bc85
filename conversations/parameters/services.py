"""Saving the parameters of a conversation."""

from collections.abc import Mapping
from typing import Any

from conversations.models import Conversation


def save_parameters(*, conversation: Conversation, values: Mapping[str, Any]) -> None:
    """The next reply is made with them; one that is being written isn't touched."""
    conversation.parameters = dict(values)
    # Nothing, should it have been deleted meanwhile.
    Conversation.objects.filter(pk=conversation.pk).update(parameters=conversation.parameters)
