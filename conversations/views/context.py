"""What the templates of the pages are given."""

import re
import secrets
import uuid
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from chatsite.accounts.access import SignedInRequest
from chatsite.accounts.budgets.status import compute_budget_status
from chatsite.core.pagination import Page
from conversations import queries
from conversations.models import Conversation
from conversations.presenter import present_messages
from conversations.queries import BY_ACTIVITY, MessagePage
from conversations.services.replies import renderings
from conversations.views import day_groups

# Tells the sidebar of the page to fetch its list again.
CHANGED = "conversations:changed"
SHOWN = re.compile(r"/c/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/")


def make_page_context(
    request: SignedInRequest, conversation: Conversation | None, page: MessagePage | None = None
) -> dict[str, Any]:
    """What a whole page shows: the sidebar and the main column."""
    if page is None:
        page = queries.read_message_page(conversation) if conversation else MessagePage([], None)
    budget_hint = compute_budget_status(request.user).budget_hint
    return make_sidebar_context(request, conversation) | make_main_context(
        conversation, page, budget_hint
    )


def make_main_context(
    conversation: Conversation | None, page: MessagePage, budget_hint: str | None = None
) -> dict[str, Any]:
    renderings.refresh_html(page.messages)
    context: dict[str, Any] = {
        "conversation": conversation,
        "page": page,
        "message_views": present_messages(page.messages),
        "form_token": secrets.token_urlsafe(16),
        "budget_hint": budget_hint,
        "is_running": any(message.is_running for message in page.messages),
    }
    if conversation is None:
        context |= {
            "greeting": _("What would you like to talk about?"),
            "starters": list_starters(),
        }
    return context


def make_sidebar_context(
    request: SignedInRequest, conversation: Conversation | None = None
) -> dict[str, Any]:
    """The list of a page that shows this conversation, which is in it wherever it stands."""
    if conversation is None:
        page = queries.list_conversations(request.user)
    else:
        page = queries.list_conversations_around(request.user, conversation)
    return make_list_context(page) | {"active_id": conversation.pk if conversation else None}


def make_list_context(page: Page[Conversation]) -> dict[str, Any]:
    return {
        "groups": day_groups.group_by_day(page.rows),
        "next_cursor": page.next,
        "previous_cursor": page.previous,
    }


def make_older_context(request: SignedInRequest, cursor: str) -> dict[str, Any]:
    """What follows the list that ended at `cursor`."""
    context = make_list_context(queries.list_conversations(request.user, after=cursor))
    groups = context["groups"]
    return context | {
        "previous_cursor": "",
        "active_id": find_active_id(request),
        "continues": bool(groups) and groups[0][0] == find_label_at(cursor),
        "is_part": True,
    }


def make_newer_context(request: SignedInRequest, cursor: str) -> dict[str, Any]:
    """What comes before the list that began at `cursor`, up to the label of its first day."""
    context = make_list_context(queries.list_conversations(request.user, before=cursor))
    groups, label = context["groups"], find_label_at(cursor)
    return context | {
        "next_cursor": "",
        "active_id": find_active_id(request),
        "label_below": "" if groups and groups[-1][0] == label else label,
        "is_part": True,
    }


def find_label_at(cursor: str) -> str:
    """The label under which the conversation at `cursor` is listed."""
    return day_groups.format_day_label(BY_ACTIVITY.read_cursor(cursor)[0], timezone.localdate())


def find_active_id(request: HttpRequest) -> uuid.UUID | None:
    """The conversation that the page around the list shows."""
    shown = SHOWN.search(request.headers.get("HX-Current-URL", ""))
    return uuid.UUID(shown[1]) if shown else None


def list_starters() -> list[tuple[str, str]]:
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
