"""Versions of messages: editing one, having a reply again, switching between them; and continuing a
reply.

Each answers with the messages that follow where the branches part; static/js/messages.js takes away
what they replace.
"""

import uuid

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.errors import UserFacingError
from chatsite.core.http import sent_text
from chatsite.server.admission_queue import queued
from conversations import queries
from conversations.models import Conversation, Message
from conversations.presenter import EditForm, present_message, present_messages
from conversations.services import continuations, regenerations, turns, versions
from conversations.views.context import CHANGED, make_page_context, render_branch
from conversations.views.conversations import Toast
from conversations.views.forms import read_message_id, read_token
from conversations.views.refusals import refuse_message


@queued
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handle_edit(
    request: SignedInRequest, conversation_id: uuid.UUID, message_id: int
) -> HttpResponse:
    """The form to edit a message, and what it sends: a message of the user gets a reply of its own,
    a reply is only replaced.
    """
    message = queries.get_message(request.user, conversation_id, message_id)
    if message.is_running:
        raise Http404
    if request.method != "POST":
        return show_edit_form(request, message, EditForm(message.text))
    text, token = sent_text(request), read_token(request)
    try:
        version, budget_hint, note = make_edited_version(request, message, text, token)
    except UserFacingError as error:
        if request.htmx:
            return refuse_message(request, message.conversation, error, text)
        return show_edit_form(request, message, EditForm(text, error.sentence), error.status)
    return answer_with_version(request, version, budget_hint, note)


def make_edited_version(
    request: SignedInRequest, message: Message, text: str, token: str
) -> tuple[Message, str | None, str]:
    """The version, and where the model is asked, what is left of its user's budget, and what they
    are told of the model.
    """
    conversation_id = message.conversation_id
    if message.is_user:
        turn = turns.edit_message(
            owner=request.user,
            conversation_id=conversation_id,
            message_id=message.pk,
            text=text,
            token=token,
        )
        return turn.message, turn.budget_hint, turn.model_note
    reply = versions.edit_reply(
        owner=request.user,
        conversation_id=conversation_id,
        message_id=message.pk,
        text=text,
        token=token,
    )
    return reply, None, ""


def show_edit_form(
    request: SignedInRequest, message: Message, form: EditForm, status: int = 200
) -> HttpResponse:
    """The form alone, or on the page that ends with its message."""
    conversation = message.conversation
    forms = {message.pk: form}
    if request.htmx:
        (view,) = present_messages([message], edit_forms=forms)
        return render(request, "conversations/_edit_form.html", {"view": view})
    page = queries.read_message_page(conversation, message.pk)
    context = make_page_context(request, conversation, page)
    context["message_views"] = present_messages(page.messages, edit_forms=forms)
    return render(request, "conversations/detail.html", context, status=status)


@queued
@never_cache
@require_POST
@signed_in
def handle_retry(
    request: SignedInRequest, conversation_id: uuid.UUID, message_id: int
) -> HttpResponse:
    """Has a reply again: as it was asked for, or shorter, or longer."""
    try:
        again = regenerations.regenerate_reply(
            owner=request.user,
            conversation_id=conversation_id,
            message_id=message_id,
            token=read_token(request),
            instruction=request.POST.get("instruction", ""),
        )
    except UserFacingError as error:
        conversation = queries.get_conversation(request.user, conversation_id)
        return refuse_message(request, conversation, error, "")
    return answer_with_version(request, again.reply, note=again.model_note)


@queued
@never_cache
@require_POST
@signed_in
def handle_continue(
    request: SignedInRequest, conversation_id: uuid.UUID, message_id: int
) -> HttpResponse:
    """Has a reply written on; answers with its article, which grows."""
    try:
        reply = continuations.continue_reply(
            owner=request.user,
            conversation_id=conversation_id,
            message_id=message_id,
            token=request.POST.get("token", ""),
        )
    except UserFacingError as error:
        conversation = queries.get_conversation(request.user, conversation_id)
        return refuse_message(request, conversation, error, "")
    if not request.htmx:
        return redirect(f"{reply.conversation.get_absolute_url()}#m{reply.pk}")
    context = {"view": present_message(reply)}
    response = render(request, "conversations/_continued.html", context)
    response["HX-Trigger"] = CHANGED
    return response


@never_cache
@require_POST
@signed_in
def handle_show(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Shows the branch of the version that the form names, which the page has already if `opened`
    says so.
    """
    version_id = read_message_id(request, "version")
    if version_id is None:
        raise Http404
    conversation = versions.show_version(
        owner=request.user, conversation_id=conversation_id, message_id=version_id
    )
    if request.POST.get("opened"):
        return HttpResponse(status=204)
    version = queries.get_message(request.user, conversation_id, version_id)
    return answer_with_branch(request, conversation, version)


def answer_with_version(
    request: SignedInRequest,
    version: Message,
    budget_hint: str | None = None,
    note: str = "",
) -> HttpResponse:
    """What a new version brings, and tells the sidebar; `note` is said beside it."""
    conversation = queries.get_conversation(request.user, version.conversation_id)
    return answer_with_branch(
        request, conversation, version, budget_hint, is_activity=True, note=note
    )


def answer_with_branch(
    request: SignedInRequest,
    conversation: Conversation,
    version: Message,
    budget_hint: str | None = None,
    *,
    is_activity: bool = False,
    note: str = "",
) -> HttpResponse:
    """The shown branch from a version on, which takes the place of another one."""
    if not request.htmx:
        if note:
            notices.info(request, note)
        return redirect(f"{conversation.get_absolute_url()}#m{version.pk}")
    page = queries.read_page_below(conversation, version.parent_id, queries.SWITCHED_SIZE)
    return render_branch(
        request,
        conversation,
        page,
        budget_hint=budget_hint,
        is_activity=is_activity,
        toast=Toast(note) if note else None,
    )
