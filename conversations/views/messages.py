"""Messages of a conversation: earlier ones, sending one, stopping and retrying a reply, the source
of one.
"""

import secrets
import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.errors import UserFacingError
from chatsite.core.http import sent_text
from chatsite.server.admission_queue import queued
from conversations import queries
from conversations.models import Conversation, Message
from conversations.presenter import MessageView, present_messages
from conversations.services import turns
from conversations.services.replies import cancellation
from conversations.views.context import CHANGED, make_main_context, make_page_context
from conversations.views.forms import DIGITS, read_seen_message, read_token
from conversations.views.refusals import refuse_message


@queued
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handle_messages(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    if request.method == "POST":
        return answer_message(request, conversation_id)
    return show_messages(request, queries.get_conversation(request.user, conversation_id))


def answer_message(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    text, token = sent_text(request), read_token(request)
    try:
        turn = turns.create_turn(
            owner=request.user, conversation_id=conversation_id, text=text, token=token
        )
    except UserFacingError as error:
        conversation = queries.get_conversation(request.user, conversation_id)
        return refuse_message(request, conversation, error, text)
    conversation = turn.reply.conversation
    if not request.htmx:
        return redirect(conversation)
    seen, added = read_seen_message(request), [turn.message, turn.reply]
    if seen and seen != turn.message.parent_id:
        conversation.leaf_id = turn.reply.pk
        added = queries.list_newer_messages(conversation, seen)
    context = {
        "message_views": present_messages(added),
        "form_token": secrets.token_urlsafe(16),
        "budget_hint": turn.budget_hint,
    }
    response = render(request, "conversations/detail.html#turn", context)
    response["HX-Trigger"] = CHANGED
    return response


def show_messages(request: SignedInRequest, conversation: Conversation) -> HttpResponse:
    """Messages after the one that `seen` names, or up to the one that `before` names."""
    if seen := read_seen_message(request):
        newer = queries.list_newer_messages(conversation, seen)
        context = {"conversation": conversation, "message_views": present_messages(newer)}
        if not newer:
            return HttpResponse(status=204)
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
def handle_stop(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Stops the reply that is being written, if there still is one, and shows it as it was left."""
    conversation = queries.get_conversation(request.user, conversation_id)
    if reply := queries.find_running_reply(conversation):
        cancellation.stop_reply(reply=reply)
    if not request.htmx:
        return redirect(conversation)
    reply = reply or conversation.leaf
    if reply is None:
        raise Http404
    reply = queries.get_message(request.user, conversation_id, reply.pk)
    if reply.is_running:
        # It can't be saved yet. The page has more of its words than the database.
        return HttpResponse(status=204)
    return render(request, "conversations/_replaced.html", {"view": MessageView(reply)})


@queued
@never_cache
@require_POST
@signed_in
def handle_retry(
    request: SignedInRequest, conversation_id: uuid.UUID, message_id: int
) -> HttpResponse:
    reply = queries.get_message(request.user, conversation_id, message_id)
    if reply.role != Message.Role.ASSISTANT or reply.is_running:
        raise Http404
    try:
        new_reply = turns.retry_reply(reply=reply)
    except UserFacingError as error:
        return refuse_message(request, reply.conversation, error, "")
    except Conversation.DoesNotExist:
        raise Http404 from None
    if not request.htmx:
        return redirect(reply.conversation)
    response = render(request, "conversations/_message.html", {"view": MessageView(new_reply)})
    response["HX-Trigger"] = CHANGED
    return response


@never_cache
@require_safe
@signed_in
def show_source(
    request: SignedInRequest, conversation_id: uuid.UUID, message_id: int
) -> HttpResponse:
    """The Markdown of a message, to copy."""
    message = queries.get_message(request.user, conversation_id, message_id)
    return HttpResponse(message.text, content_type="text/plain; charset=utf-8")
