"""Saying no: a sentence beside what was typed, and nothing lost."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from chatsite.accounts.access import SignedInRequest
from chatsite.accounts.budgets.services import BudgetExceededError
from chatsite.core.errors import UserFacingError
from chatsite.core.http import render_sentence
from conversations import queries
from conversations.attachments.alternatives import Alternative
from conversations.attachments.forms import read_sent_choice
from conversations.attachments.queries import list_waiting
from conversations.comparisons.chips import make_chip_context_again
from conversations.content import FilesTooLongError
from conversations.models import Attachment, Conversation
from conversations.views.context import make_main_context, make_page_context
from conversations.views.forms import read_seen_message

PAGE = "conversations/detail.html"


def refuse_with_sentence(
    request: SignedInRequest, error: UserFacingError, make_context: Callable[[str], dict[str, Any]]
) -> HttpResponse:
    """The sentence, which htmx puts where it belongs; without htmx the whole page with it."""
    if request.htmx:
        return render_sentence(error.sentence, status=error.status)
    return render(request, PAGE, make_context(error.sentence), status=error.status)


def refuse_message(
    request: SignedInRequest, conversation: Conversation | None, error: UserFacingError, text: str
) -> HttpResponse:
    """The sentence, what else could be sent, and what another tab has added meanwhile; without htmx
    the whole page, with the text put back into the box.
    """
    if request.htmx:
        seen = read_seen_message(request)
        unseen = queries.read_unseen_page(conversation, seen) if conversation and seen else None
        context: dict[str, Any] = {
            "sentence": error.sentence,
            "retry_after": error.retry_after,
            "over_budget": isinstance(error, BudgetExceededError),
            "alternatives": list_alternatives_of(error),
            "chosen_files": list_chosen_files(request),
        }
        if unseen and unseen.messages:
            context |= make_main_context(conversation, unseen)
        template = "conversations/_refused.html"
    else:
        context = make_page_context(request, conversation) | make_refused_context(error, text)
        context |= make_chip_context_again(request.user, request.POST.get("compare", ""))
        template = PAGE
    response = render(request, template, context, status=error.status)
    if error.retry_after:
        response["Retry-After"] = str(error.retry_after)
    return response


def make_refused_context(error: UserFacingError, text: str) -> dict[str, Any]:
    """What a whole page says at the box, which has its text again."""
    alternatives = list_alternatives_of(error)
    return {"error": error.sentence, "alternatives": alternatives, "draft": text}


def list_alternatives_of(error: UserFacingError) -> Sequence[Alternative]:
    return error.alternatives if isinstance(error, FilesTooLongError) else ()


def list_chosen_files(request: SignedInRequest) -> Sequence[Attachment]:
    """Return the files that go otherwise by now, although their message was refused."""
    choice = read_sent_choice(request)
    ready = list_waiting(request.user).exclude(content_key="").defer("text")
    return list(ready.filter(pk__in=choice.files)) if choice else []


def show_box_again(
    request: SignedInRequest, conversation: Conversation | None, text: str
) -> HttpResponse:
    """The page after a file was taken back without scripts, with the text in its box."""
    if request.htmx:
        return refresh_page()
    return render(request, PAGE, make_page_context(request, conversation) | {"draft": text})


def refresh_page() -> HttpResponse:
    """Have a page fetched anew whose scripts are there in part: its draft is kept by another."""
    return HttpResponse(headers={"HX-Refresh": "true"})
