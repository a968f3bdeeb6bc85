"""Setting up what is compared, and picking one of two replies."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.access import SignedInRequest, signed_in
from conversations import queries
from conversations.comparisons import services
from conversations.comparisons.chips import make_chip_context
from conversations.comparisons.forms import ComparisonForm
from conversations.comparisons.variants import Variant
from conversations.model_catalog import catalog
from conversations.models import Conversation
from conversations.parameters.new_chat_views import make_draft
from conversations.views.context import make_page_context
from conversations.views.folders import ask
from conversations.views.versions import answer_with_branch

# Closes the dialog that asked.
ANSWERED = "question:answered"
# The fields of a new chat's composer that say what it begins with.
CARRIED = ("model", "assistant", "parameters")
FORM = "conversations/_comparison_form.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_comparison(
    request: SignedInRequest, conversation_id: uuid.UUID | None = None
) -> HttpResponse:
    """What the second reply to the next message is made with. A new chat has no conversation: it
    tells what it would begin with, and asks by a POST with `open`.
    """
    conversation = None
    if conversation_id is not None:
        conversation = queries.get_conversation(request.user, conversation_id)
    first = conversation or make_draft(request)
    is_answered = request.method == "POST" and "open" not in request.POST
    form = ComparisonForm(
        request.POST if is_answered else None,
        values=first.parameters,
        model=first.model,
        models=catalog.list_models(request.user),
        of_assistant=first.assistant_parameters,
        user_id=request.user.pk,
    )
    if is_answered and form.is_valid():
        return show_chip(request, conversation, form.read_variant())
    context = {
        "form_fields": form,
        "carried": [] if conversation else list_carried(request),
        "back": conversation.get_absolute_url() if conversation else reverse("conversations:new"),
    }
    status = 422 if form.errors else 200
    if request.htmx and is_answered:
        return render(request, FORM, context | {"is_dialog": True}, status=status)
    return ask(request, FORM, context, status)


def list_carried(request: SignedInRequest) -> list[tuple[str, str]]:
    """Return what a new chat has told of itself, to be told again with the answer."""
    return [(name, request.POST[name]) for name in CARRIED if name in request.POST]


def show_chip(
    request: SignedInRequest, conversation: Conversation | None, variant: Variant
) -> HttpResponse:
    """What the composer carries from now on: in its place, or on the whole page."""
    context = make_chip_context(variant)
    if request.htmx:
        response = render(request, "conversations/_comparison_chosen.html", context)
        response["HX-Trigger"] = ANSWERED
        return response
    context = make_page_context(request, conversation) | context
    return render(request, "conversations/detail.html", context)


@never_cache
@require_POST
@signed_in
def handle_pick(
    request: SignedInRequest, conversation_id: uuid.UUID, message_id: int
) -> HttpResponse:
    """Goes on with one of them; the other is stopped, and stays as a version."""
    conversation = services.pick_reply(
        owner=request.user, conversation_id=conversation_id, message_id=message_id
    )
    picked = queries.get_message(request.user, conversation_id, message_id)
    return answer_with_branch(request, conversation, picked)
