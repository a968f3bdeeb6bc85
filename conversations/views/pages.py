"""The pages: a new chat, a conversation, and the sidebar's list of conversations."""

import uuid
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.errors import UserFacingError
from chatsite.core.http import sent_text
from chatsite.core.pagination import InvalidCursorError, read_id
from chatsite.server.admission_queue import queued
from chatsite.server.body_middleware import accepts_body
from conversations import queries
from conversations.attachments.forms import measure_largest_form, remove_named_file, take_files
from conversations.comparisons.services import read_variant
from conversations.models import Conversation
from conversations.queries import MessagePage
from conversations.services import conversations as services
from conversations.services import turns
from conversations.tree import find_path_through, find_path_to_leaf
from conversations.views.context import (
    CHANGED,
    NEW_CHAT,
    find_active_id,
    find_shown_folder_id,
    make_column_context,
    make_main_context,
    make_newer_context,
    make_older_context,
    make_page_context,
    make_sidebar_context,
)
from conversations.views.forms import read_choices, read_token
from conversations.views.refusals import refuse_message, show_box_again


@accepts_body(measure_largest_form)
@queued
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handle_new_chat(request: SignedInRequest) -> HttpResponse:
    """A new chat; its first message makes the conversation."""
    if request.method != "POST":
        return render_page(request, None)
    text, token = sent_text(request), read_token(request)
    try:
        if remove_named_file(request, NEW_CHAT):
            return show_box_again(request, None, text)
        turn = turns.start_conversation(
            owner=request.user,
            text=text,
            token=token,
            files=take_files(request, NEW_CHAT),
            choices=read_choices(request),
            variant=read_variant(request.user, request.POST.get("compare", "")),
        )
    except UserFacingError as error:
        return refuse_message(request, None, error, text)
    return answer_first_message(request, turn)


def answer_first_message(request: SignedInRequest, turn: turns.Turn) -> HttpResponse:
    """The conversation that it has made, in the place of the new chat."""
    conversation = turn.reply.conversation
    if not request.htmx:
        return redirect(conversation)
    page = MessagePage([turn.message, turn.reply], None)
    context = make_main_context(conversation, page, turn.budget_hint)
    context["held_limits"] = turn.budget_status.limits if turn.budget_status else None
    response = render(request, "conversations/detail.html#main", context)
    response["HX-Push-Url"] = conversation.get_absolute_url()
    response["HX-Trigger"] = CHANGED
    return response


@never_cache
@require_safe
@signed_in
def show_conversation(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """The end of the shown branch; with `message`, the branch that holds it, around it."""
    conversation = queries.get_conversation(request.user, conversation_id)
    services.mark_seen(conversation=conversation)
    wanted = request.GET.get("message")
    page = read_page_at(conversation, wanted) if wanted else None
    return render_page(request, conversation, page)


def render_page(
    request: SignedInRequest,
    conversation: Conversation | None,
    page: MessagePage | None = None,
    told: dict[str, Any] | None = None,
) -> HttpResponse:
    """The whole page, or its main column for a page that has the list already."""
    if not request.htmx:
        context = make_page_context(request, conversation, page) | (told or {})
        return render(request, "conversations/detail.html", context)
    context = make_column_context(request, conversation, page) | (told or {})
    return render(request, "conversations/detail.html#main", context)


def read_page_at(conversation: Conversation, wanted: str) -> MessagePage | None:
    """The page around a message; none where it is gone, and the conversation opens as ever.

    Reading it changes nothing (decision 0033): where the message is on another branch, the page
    has that branch remembered once it is there.
    """
    try:
        message_id = read_id(wanted)
    except InvalidCursorError:
        return None
    path = find_path_to_leaf(conversation, conversation.leaf_id, message_id)
    if path:
        return queries.read_page_around(conversation, path)
    path = find_path_through(conversation, message_id)
    if not path:
        return None
    # For what is shown of it here; it isn't saved.
    conversation.leaf_id = path[-1]
    return replace(queries.read_page_around(conversation, path), opened=message_id)


@never_cache
@require_safe
@signed_in
@vary_on_headers("HX-Request", "HX-Boosted")
def show_archive(request: SignedInRequest) -> HttpResponse:
    """The archived conversations, a page of them; the main column for a page that has the list
    already, or the rows alone.
    """
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    try:
        listed = queries.list_conversations(request.user, archived=True, after=before, before=after)
    except InvalidCursorError:
        raise Http404 from None
    context = {"listed": listed, "is_archive": True}
    if request.htmx.boosted:
        return render(request, "conversations/archive.html#main", context)
    if request.htmx:
        return render(request, "conversations/_listed.html", context)
    return render(request, "conversations/archive.html", context | make_sidebar_context(request))


@never_cache
@require_safe
@signed_in
def show_conversation_list(request: SignedInRequest) -> HttpResponse:
    """The sidebar's list, around where it is read; its next part after `before`, or the part before
    `after`.
    """
    older_than, newer_than = request.GET.get("before"), request.GET.get("after")
    try:
        if older_than is not None:
            context = make_older_context(request, older_than)
        elif newer_than is not None:
            context = make_newer_context(request, newer_than)
        else:
            active = find_active_id(request)
            shown = queries.find_conversation(request.user, active) if active else None
            folder_id, around = find_shown_folder_id(request), request.GET.get("around", "")
            context = make_sidebar_context(request, shown, folder_id, around=around)
            context["shown"] = shown
            return render(request, "conversations/_sidebar.html#refreshed_list", context)
    except InvalidCursorError:
        raise Http404 from None
    return render(request, "conversations/_sidebar.html#list", context)
