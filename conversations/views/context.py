"""What the templates of the pages are given."""

import re
import secrets
import uuid
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from chatsite.accounts.budgets.standing import standing_of
from conversations import days, selectors
from conversations.models import Conversation
from conversations.selectors import MessagePage
from conversations.services import renderings
from conversations.views.access import SignedInRequest

# Tells the sidebar of the page to fetch its list again.
CHANGED = "conversations:changed"
SHOWN = re.compile(r"/c/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/")


def page_context(
    request: SignedInRequest, conversation: Conversation | None, page: MessagePage | None = None
) -> dict[str, Any]:
    """What a whole page shows: the sidebar and the main column."""
    if page is None:
        page = selectors.message_page(conversation) if conversation else MessagePage([], None)
    active = conversation.pk if conversation else None
    note = standing_of(request.user).note
    return sidebar_context(request, active) | main_context(conversation, page, note)


def main_context(
    conversation: Conversation | None, page: MessagePage, budget_note: str | None = None
) -> dict[str, Any]:
    renderings.refresh(page.messages)
    context: dict[str, Any] = {
        "conversation": conversation,
        "page": page,
        "form_token": secrets.token_urlsafe(16),
        "budget_note": budget_note,
    }
    if conversation is None:
        context |= {"greeting": _("What would you like to talk about?"), "starters": starters()}
    return context


def sidebar_context(
    request: SignedInRequest, active: uuid.UUID | None, cursor: str = ""
) -> dict[str, Any]:
    page = selectors.conversation_page(request.user, cursor)
    groups = days.by_day(page.conversations)
    return {
        "groups": groups,
        "next_cursor": page.next_cursor,
        "active_id": active,
        "continued": bool(cursor and groups) and groups[0][0] == label_before(cursor),
    }


def label_before(cursor: str) -> str:
    """The label that the part before `cursor` ended under."""
    return days.day_label(selectors.read_cursor(cursor)[0], timezone.localdate())


def active_id(request: HttpRequest) -> uuid.UUID | None:
    """The conversation that the page around the list shows."""
    shown = SHOWN.search(request.headers.get("HX-Current-URL", ""))
    return uuid.UUID(shown[1]) if shown else None


def starters() -> list[tuple[str, str]]:
    """Ways to begin: what the button says, and the message that it sends."""
    return [
        (
            _("Explain something"),
            _("Explain how HTTP caching works, with an example of each header."),
        ),
        (
            _("Write some code"),
            _("Write a Python function that removes duplicates from a list and keeps its order."),
        ),
        (
            _("Compare options"),
            _("Compare PostgreSQL and SQLite for a small web application in a table."),
        ),
        (
            _("Draft a text"),
            _("Draft a friendly email that moves a meeting from Tuesday to Thursday."),
        ),
    ]
