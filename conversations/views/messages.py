"""Messages of a conversation: earlier ones, sending one, stopping a reply, the source of one, and
what is known of a reply.
"""

import uuid

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.errors import UserFacingError
from chatsite.core.http import sent_text
from chatsite.server.admission_queue import queued
from chatsite.server.body_middleware import accepts_body
from conversations import queries
from conversations.attachments.forms import measure_largest_form, remove_named_file, take_files
from conversations.comparisons.services import read_variant
from conversations.models import Conversation
from conversations.presenter import present_message
from conversations.reply_details import list_details
from conversations.services import conversations as services
from conversations.services import turns
from conversations.services.model_choices import choose_conversation_model
from conversations.services.replies import cancellation
from conversations.views.context import (
    make_main_context,
    make_page_context,
    make_sidebar_context,
    present_changed,
    render_branch,
)
from conversations.views.conversations import Toast
from conversations.views.forms import DIGITS, read_model, read_seen_message, read_token
from conversations.views.refusals import refuse_message, show_box_again


@accepts_body(measure_largest_form)
@queued
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handle_messages(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    if request.method == "POST":
        return answer_message(request, conversation_id)
    return show_messages(request, queries.get_conversation(request.user, conversation_id))


def answer_message(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    text, token, draft = sent_text(request), read_token(request), str(conversation_id)
    try:
        if remove_named_file(request, draft):
            conversation = queries.get_conversation(request.user, conversation_id)
            return show_box_again(request, conversation, text)
        turn = turns.create_turn(
            owner=request.user,
            conversation_id=conversation_id,
            text=text,
            token=token,
            files=take_files(request, draft),
            seen=read_seen_message(request),
            model=read_model(request),
            variant=read_variant(request.user, request.POST.get("compare", "")),
        )
    except UserFacingError as error:
        conversation = queries.get_conversation(request.user, conversation_id)
        return refuse_message(request, conversation, error, text)
    conversation = turn.reply.conversation
    if not request.htmx:
        if turn.model_note:
            notices.info(request, turn.model_note)
        return redirect(conversation)
    return render_branch(
        request,
        conversation,
        read_turn_page(turn, read_seen_message(request)),
        budget_hint=turn.budget_hint,
        is_activity=True,
        toast=Toast(turn.model_note) if turn.model_note else None,
    )


def read_turn_page(turn: turns.Turn, seen: int | None) -> queries.MessagePage:
    """What a page that ends with the message `seen`, or with what is answered, lacks of a turn: the
    turn alone, which need not be read again, where it is new and follows that.
    """
    conversation, above = turn.reply.conversation, turn.message.parent_id
    if turn.compared:
        # What is said at the one that was kept has changed.
        return queries.read_page_below(conversation, turn.compared)
    if turn.is_new and seen in (None, above):
        return queries.MessagePage([turn.message, turn.reply], None)
    if seen:
        return queries.read_unseen_page(conversation, seen)
    return queries.read_page_below(conversation, above)


def show_messages(request: SignedInRequest, conversation: Conversation) -> HttpResponse:
    """What a tab lacks whose last message `seen` names, or messages up to the one that `before`
    names.
    """
    if seen := read_seen_message(request):
        services.mark_seen(conversation=conversation)
        page = queries.read_unseen_page(conversation, seen)
        changed = present_changed(request, conversation)
        if not page.messages and not changed:
            return HttpResponse(status=204)
        context = make_main_context(conversation, page) | {
            "changed_views": changed,
            "branch_end": conversation.leaf_id,
        }
        return render(request, "conversations/detail.html#page", context)
    return show_earlier_messages(request, conversation)


def show_earlier_messages(request: SignedInRequest, conversation: Conversation) -> HttpResponse:
    before = request.GET.get("before", "")
    if not before.isdecimal() or len(before) > DIGITS:
        raise Http404
    page = queries.read_message_page(conversation, int(before))
    if not page.messages:
        raise Http404
    if request.htmx:
        context = make_main_context(conversation, page)
        return render(request, "conversations/detail.html#page", context)
    return render(
        request, "conversations/detail.html", make_page_context(request, conversation, page)
    )


@never_cache
@require_POST
@signed_in
def handle_model(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Keeps which model answers from the next message on, as soon as it is chosen."""
    conversation = queries.get_conversation(request.user, conversation_id)
    try:
        choose_conversation_model(
            owner=request.user, conversation_id=conversation_id, identifier=read_model(request)
        )
    except UserFacingError as error:
        return refuse_message(request, conversation, error, "")
    return HttpResponse() if request.htmx else redirect(conversation)


@never_cache
@require_POST
@signed_in
def handle_stop(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Stops what is being written, if there still is something, and shows it as it was left."""
    conversation = queries.get_conversation(request.user, conversation_id)
    replies = queries.list_running_replies(conversation)
    cancellation.stop_replies(replies)
    if not request.htmx:
        return redirect(conversation)
    ids = [reply.pk for reply in replies]
    if not ids and conversation.leaf_id:
        ids = [conversation.leaf_id]
    stopped = [queries.get_message(request.user, conversation_id, each) for each in ids]
    # One that can't be saved yet stays: the page has more of its words than the database.
    views = [present_message(reply) for reply in stopped if not reply.is_running]
    if not stopped:
        raise Http404
    if not views:
        return HttpResponse(status=204)
    return render(request, "conversations/_stopped.html", {"views": views})


@never_cache
@require_safe
@signed_in
def show_source(
    request: SignedInRequest, conversation_id: uuid.UUID, message_id: int
) -> HttpResponse:
    """The Markdown of a message, to copy."""
    message = queries.get_message(request.user, conversation_id, message_id)
    return HttpResponse(message.text, content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
@signed_in
@vary_on_headers("HX-Request")
def show_details(
    request: SignedInRequest, conversation_id: uuid.UUID, message_id: int
) -> HttpResponse:
    """What a reply took and why it ended: for its popover, or as a page without scripts."""
    message = queries.get_message(request.user, conversation_id, message_id)
    if message.is_user or message.is_running:
        raise Http404
    context = {"message": message, "details": list_details(message)}
    if request.htmx:
        return render(request, "conversations/details.html#list", context)
    context |= make_sidebar_context(request, message.conversation)
    return render(request, "conversations/details.html", context)
