"""The pages: a new chat, a conversation, and the sidebar's list of conversations."""

import re
import secrets
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from conversations import days, selectors
from conversations.models import Conversation
from conversations.selectors import MessagePage
from conversations.services import turns
from conversations.views.access import SignedInRequest, signed_in
from conversations.views.forms import sent_text, sent_token

CHANGED = "conversations:changed"
SHOWN = re.compile(r"/c/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: SignedInRequest) -> HttpResponse:
    """A new chat; its first message makes the conversation."""
    if request.method != "POST":
        return render(request, "conversations/detail.html", page_context(request, None))
    text, token = sent_text(request), sent_token(request)
    try:
        turn = turns.start_conversation(owner=request.user, text=text, token=token)
    except turns.TurnRefused as refused:
        return refusal(request, None, refused, text)
    conversation = turn.reply.conversation
    if not is_htmx(request):
        return redirect(conversation)
    page = MessagePage([turn.message, turn.reply], None)
    context = main_context(conversation, page)
    response = render(request, "conversations/detail.html#main", context)
    response["HX-Push-Url"] = conversation.get_absolute_url()
    response["HX-Trigger"] = CHANGED
    return response


@never_cache
@require_safe
@signed_in
def detail(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = selectors.conversation_for(request.user, conversation_id)
    return render(request, "conversations/detail.html", page_context(request, conversation))


@never_cache
@require_safe
@signed_in
def conversation_list(request: SignedInRequest) -> HttpResponse:
    """The sidebar's list, or its next part after `before`."""
    try:
        context = sidebar_context(request, active_id(request), request.GET.get("before", ""))
    except (ValueError, OverflowError):
        raise Http404 from None
    return render(request, "conversations/_sidebar.html#list", context)


def refusal(
    request: HttpRequest, conversation: Conversation | None, refused: turns.TurnRefused, text: str
) -> HttpResponse:
    """The sentence by the composer; without htmx the whole page, with the text put back into the
    box.
    """
    if is_htmx(request):
        return HttpResponse(refused.sentence, status=refused.status, content_type="text/plain")
    context = page_context(request, conversation) | {"error": refused.sentence, "draft": text}
    return render(request, "conversations/detail.html", context, status=refused.status)


def page_context(request: HttpRequest, conversation: Conversation | None) -> dict[str, Any]:
    """What a whole page shows: the sidebar and the main column."""
    page = selectors.message_page(conversation) if conversation else MessagePage([], None)
    active = conversation.pk if conversation else None
    return sidebar_context(request, active) | main_context(conversation, page)


def main_context(conversation: Conversation | None, page: MessagePage) -> dict[str, Any]:
    context: dict[str, Any] = {
        "conversation": conversation,
        "page": page,
        "form_token": secrets.token_urlsafe(16),
    }
    if conversation is None:
        context |= {"greeting": _("What would you like to talk about?"), "starters": starters()}
    return context


def sidebar_context(
    request: HttpRequest, active: uuid.UUID | None, cursor: str = ""
) -> dict[str, Any]:
    page = selectors.conversation_page(request.user, cursor)  # type: ignore[arg-type]
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


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


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
