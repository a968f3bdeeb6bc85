"""The pages: a new chat, a conversation, and the sidebar's list of conversations."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.errors import UserFacingError
from chatsite.core.http import sent_text
from chatsite.core.pagination import InvalidCursorError
from chatsite.server.admission_queue import queued
from conversations import queries
from conversations.queries import MessagePage
from conversations.services import turns
from conversations.views.context import (
    CHANGED,
    find_active_id,
    make_main_context,
    make_newer_context,
    make_older_context,
    make_page_context,
    make_sidebar_context,
)
from conversations.views.forms import read_token
from conversations.views.refusals import refuse_message


@queued
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handle_new_chat(request: SignedInRequest) -> HttpResponse:
    """A new chat; its first message makes the conversation."""
    if request.method != "POST":
        return render(request, "conversations/detail.html", make_page_context(request, None))
    text, token = sent_text(request), read_token(request)
    try:
        turn = turns.start_conversation(owner=request.user, text=text, token=token)
    except UserFacingError as error:
        return refuse_message(request, None, error, text)
    conversation = turn.reply.conversation
    if not request.htmx:
        return redirect(conversation)
    page = MessagePage([turn.message, turn.reply], None)
    context = make_main_context(conversation, page, turn.budget_hint)
    response = render(request, "conversations/detail.html#main", context)
    response["HX-Push-Url"] = conversation.get_absolute_url()
    response["HX-Trigger"] = CHANGED
    return response


@never_cache
@require_safe
@signed_in
def show_conversation(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = queries.get_conversation(request.user, conversation_id)
    return render(request, "conversations/detail.html", make_page_context(request, conversation))


@never_cache
@require_safe
@signed_in
def show_conversation_list(request: SignedInRequest) -> HttpResponse:
    """The sidebar's list, its next part after `before`, or the part before `after`."""
    older_than, newer_than = request.GET.get("before"), request.GET.get("after")
    try:
        if older_than is not None:
            context = make_older_context(request, older_than)
        elif newer_than is not None:
            context = make_newer_context(request, newer_than)
        else:
            active = find_active_id(request)
            shown = queries.find_conversation(request.user, active) if active else None
            context = make_sidebar_context(request, shown)
    except InvalidCursorError:
        raise Http404 from None
    return render(request, "conversations/_sidebar.html#list", context)
