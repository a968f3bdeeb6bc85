"""Steps and looks that tests of choosing models share."""

from conversations.models import ChatModel, Conversation, Message
from tests.views.html import Page

FORM = {"text": "Go on.", "token": "a form"}


def choices(page: Page) -> list[str]:
    """The names at the API that the box offers."""
    found = page.all("select", name="model")
    return [option["value"] for option in page.all("option")] if found else []


def chosen(page: Page) -> str:
    (option,) = [each for each in page.all("option") if "selected" in each.attributes]
    return option["value"]


def url(conversation: Conversation, name: str = "messages") -> str:
    return f"/c/{conversation.pk}/{name}/"


def switch_off(identifier: str) -> None:
    row = ChatModel.objects.get(identifier=identifier)
    row.is_on = False
    row.save()


def set_model(conversation: Conversation, identifier: str) -> None:
    conversation.model = identifier
    conversation.save()


def newest_reply() -> Message:
    return Message.objects.filter(role="assistant").latest("pk")
