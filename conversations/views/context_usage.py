"""How full the context of a conversation is: in a popover at the composer, or as a page without
scripts.
"""

import uuid
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.accounts.budgets.usage import format_count, format_dollars
from conversations import queries
from conversations.context_usage import ContextUsage, estimate_next_cost
from conversations.model_catalog.catalog import find_model
from conversations.models import Conversation
from conversations.reply_details import Detail
from conversations.views.context import make_sidebar_context, measure_page


@never_cache
@require_safe
@signed_in
@vary_on_headers("HX-Request")
def show_context(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = queries.get_conversation(request.user, conversation_id)
    context = make_context_details(conversation)
    if request.htmx:
        return render(request, "conversations/context.html#list", context)
    context |= make_sidebar_context(request, conversation)
    return render(request, "conversations/context.html", context)


def make_context_details(conversation: Conversation) -> dict[str, Any]:
    page = queries.read_message_page(conversation)
    usage = measure_page(conversation, page)
    details = []
    if usage:
        details.append(Detail(_("Context"), describe_usage(usage)))
        prices = find_model(conversation.model).prices
        if prices and (cost := estimate_next_cost(usage, page.messages, prices)):
            details.append(Detail(_("Next message"), describe_cost(cost)))
    total = queries.sum_usage(conversation)
    details.append(Detail(_("Read so far"), describe_tokens(total.prompt_tokens)))
    details.append(Detail(_("Written so far"), describe_tokens(total.completion_tokens)))
    if total.cost_usd:
        details.append(Detail(_("Cost so far"), format_dollars(total.cost_usd)))
    start = page.context_start
    first_sent = conversation.messages.filter(pk=start).first() if start else None
    return {"conversation": conversation, "details": details, "first_sent": first_sent}


def describe_usage(usage: ContextUsage) -> str:
    return _("%(percent)d%% full: about %(used)s of %(budget)s tokens") % {
        "percent": usage.percent,
        "used": format_count(Decimal(usage.used)),
        "budget": format_count(Decimal(usage.budget)),
    }


def describe_cost(cost: Decimal) -> str:
    return _("costs about %(cost)s") % {"cost": format_dollars(cost)}


def describe_tokens(count: int) -> str:
    return ngettext("%(count)s token", "%(count)s tokens", count) % {
        "count": format_count(Decimal(count))
    }
