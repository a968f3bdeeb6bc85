"""Messages of a conversation: earlier ones, sending one, stopping and retrying a reply, the source
of one.
"""

import secrets
import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import selectors
from conversations.models import Conversation, Message
from conversations.selectors import MessagePage
from conversations.services import replies, turns
from conversations.views.access import SignedInRequest, signed_in
from conversations.views.forms import sent_text, sent_token
from conversations.views.pages import CHANGED, is_htmx, page_context, refusal


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def messages(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = selectors.conversation_for(request.user, conversation_id)
    if request.method == "POST":
        return send(request, conversation)
    return earlier(request, conversation)


def send(request: SignedInRequest, conversation: Conversation) -> HttpResponse:
    text, token = sent_text(request), sent_token(request)
    conversation.owner = request.user
    try:
        turn = turns.send(conversation=conversation, text=text, token=token)
    except turns.TurnRefused as refused:
        return refusal(request, conversation, refused, text)
    except Conversation.DoesNotExist:
        raise Http404 from None
    if not is_htmx(request):
        return redirect(conversation)
    response = render(
        request,
        "conversations/detail.html#turn",
        {
            "page": MessagePage([turn.message, turn.reply], None),
            "form_token": secrets.token_urlsafe(16),
        },
    )
    response["HX-Trigger"] = CHANGED
    return response


def earlier(request: SignedInRequest, conversation: Conversation) -> HttpResponse:
    """The page of messages that ends with the one `before` names; without htmx, as a page of its
    own.
    """
    before = request.GET.get("before", "")
    if not before.isdecimal() or len(before) > 18:
        raise Http404
    page = selectors.message_page(conversation, int(before))
    if not page.messages:
        raise Http404
    if is_htmx(request):
        context = {"conversation": conversation, "page": page}
        return render(request, "conversations/detail.html#page", context)
    context = page_context(request, conversation) | {"page": page}
    return render(request, "conversations/detail.html", context)


@never_cache
@require_POST
@signed_in
def stop(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Stops the reply that is being written, if there still is one, and shows it as it was left."""
    conversation = selectors.conversation_for(request.user, conversation_id)
    if reply := selectors.running_reply(conversation):
        replies.stop(reply=reply)
    if not is_htmx(request):
        return redirect(conversation)
    reply = reply or conversation.leaf
    if reply is None:
        raise Http404
    reply = selectors.message_for(request.user, conversation_id, reply.pk)
    return render(request, "conversations/_replaced.html", {"message": reply})


@never_cache
@require_POST
@signed_in
def retry(request: SignedInRequest, conversation_id: uuid.UUID, message_id: int) -> HttpResponse:
    reply = selectors.message_for(request.user, conversation_id, message_id)
    if reply.role != Message.Role.ASSISTANT or reply.is_running:
        raise Http404
    reply.conversation.owner = request.user
    try:
        new_reply = turns.retry(reply=reply)
    except turns.TurnRefused as refused:
        return refusal(request, reply.conversation, refused, "")
    except Conversation.DoesNotExist:
        raise Http404 from None
    if not is_htmx(request):
        return redirect(reply.conversation)
    response = render(request, "conversations/_message.html", {"message": new_reply})
    response["HX-Trigger"] = CHANGED
    return response


@never_cache
@require_safe
@signed_in
def source(request: SignedInRequest, conversation_id: uuid.UUID, message_id: int) -> HttpResponse:
    """The Markdown of a message, to copy."""
    message = selectors.message_for(request.user, conversation_id, message_id)
    return HttpResponse(message.text, content_type="text/plain; charset=utf-8")
