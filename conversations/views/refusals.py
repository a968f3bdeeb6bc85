"""Saying no: a sentence beside what was typed, and nothing lost."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from chatsite.accounts.access import SignedInRequest
from chatsite.accounts.budgets.services import BudgetExceededError
from chatsite.core.errors import UserFacingError
from chatsite.core.http import render_sentence
from conversations import queries
from conversations.content import FileTooLongError
from conversations.models import Conversation
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
    """The sentence, and what another tab has added meanwhile; without htmx the whole page, with the
    text put back into the box.
    """
    if request.htmx:
        seen = read_seen_message(request)
        unseen = queries.read_unseen_page(conversation, seen) if conversation and seen else None
        context: dict[str, Any] = {
            "sentence": error.sentence,
            "retry_after": error.retry_after,
            "over_budget": isinstance(error, BudgetExceededError),
            "as_text": error.file if isinstance(error, FileTooLongError) else None,
        }
        if unseen and unseen.messages:
            context |= make_main_context(conversation, unseen)
        template = "conversations/_refused.html"
    else:
        context = make_page_context(request, conversation) | {
            "error": error.sentence,
            "draft": text,
        }
        template = PAGE
    response = render(request, template, context, status=error.status)
    if error.retry_after:
        response["Retry-After"] = str(error.retry_after)
    return response
