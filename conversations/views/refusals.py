"""Saying no to a message: a sentence by the composer, and nothing lost."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from conversations import queries
from conversations.models import Conversation
from conversations.services.turns import OverBudget, TurnRefused
from conversations.views.access import SignedInRequest
from conversations.views.context import page_context
from conversations.views.forms import seen_message


def refusal(
    request: SignedInRequest, conversation: Conversation | None, refused: TurnRefused, text: str
) -> HttpResponse:
    """The sentence, and what another tab has added meanwhile; without htmx the whole page, with the
    text put back into the box.
    """
    if request.htmx:
        seen = seen_message(request)
        missed = queries.newer_messages(conversation, seen) if conversation and seen else []
        context: dict[str, Any] = {
            "sentence": refused.sentence,
            "missed": missed,
            "over_budget": isinstance(refused, OverBudget),
        }
        template = "conversations/_refused.html"
    else:
        context = page_context(request, conversation) | {"error": refused.sentence, "draft": text}
        template = "conversations/detail.html"
    response = render(request, template, context, status=refused.status)
    if refused.retry_after:
        response["Retry-After"] = str(refused.retry_after)
    return response
