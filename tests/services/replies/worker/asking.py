"""What a user asks, and what the model was sent."""

from typing import Any

from conversations.models import Conversation, Message
from conversations.offline_model import OfflineModel
from tests.factories import add_message


def sent(model: OfflineModel) -> list[Any]:
    """The content of each entry of each request but the system prompt, the newest last."""
    return [request.body["messages"][-1]["content"] for request in model.requests]


def types(content: Any) -> list[str]:
    return ["text"] if isinstance(content, str) else [part["type"] for part in content]


def ask(conversation: Conversation, text: str) -> Message:
    message = add_message(conversation, role="user", text=text)
    conversation.save()
    return message
