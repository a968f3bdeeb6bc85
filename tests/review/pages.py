"""The pages of review, as tests open them."""

from django.test import Client

from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import Review
from tests.views.html import Page, parse


def url(review: Review | Conversation, name: str = "change") -> str:
    return f"/admin/review/review/{review.pk}/{name}/"


def text_of(client: Client, review: Review) -> str:
    return " ".join(parse(client.get(url(review))).text.split())


def address(conversation: Conversation, query: str = "") -> str:
    worker.process_outbox()
    return f"/admin/review/review/{conversation.pk}/change/{query}"


def opened(client: Client, conversation: Conversation, query: str = "") -> Page:
    return parse(client.get(address(conversation, query)))


def links(page: Page, words: str) -> list[str]:
    return [link["href"] for link in page.all("a") if words in link.text]
