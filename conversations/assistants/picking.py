"""Choosing an assistant: for a new chat from all of them, by "@" in the box, and for a conversation
that has begun.
"""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.errors import UserFacingError
from chatsite.core.http import render_sentence
from conversations import queries as conversations
from conversations.assistants import queries
from conversations.models import Assistant
from conversations.services.assistant_choice import use_assistant
from conversations.views.context import CHANGED
from conversations.views.folders import show_folder
from conversations.views.forms import read_choices
from conversations.views.pages import render_page

FOLDER = "conversations/assistants"
SHOWN = 50
SUGGESTED = 8


@never_cache
@require_safe
@signed_in
@vary_on_headers("HX-Request")
def show_choices(request: SignedInRequest) -> HttpResponse:
    """All of them behind a search: a dialog, and what is found while one types."""
    if not request.htmx:
        return redirect("conversations:assistants")
    context = {"found": list_found(request, SHOWN)}
    part = "#found" if "q" in request.GET else ""
    return render(request, f"{FOLDER}/_choices.html{part}", context)


def list_found(request: SignedInRequest, most: int) -> list[Assistant]:
    found = queries.search(queries.list_usable(request.user), request.GET.get("q", "")[:200])
    return list(queries.sort_by_use(found, request.user)[:most])


@never_cache
@require_safe
@signed_in
def suggest_assistants(request: SignedInRequest) -> HttpResponse:
    """The list that opens below "@", as one types a name."""
    conversation = folder = None
    if shown := request.GET.get("conversation"):
        conversation = conversations.get_conversation(request.user, read_uuid(shown))
    if shown := request.GET.get("folder"):
        folder = conversations.get_folder(request.user, read_uuid(shown))
    context = {
        "found": list_found(request, SUGGESTED),
        "is_beginning": not request.GET.get("q"),
        "conversation": conversation,
        "folder": folder,
    }
    return render(request, f"{FOLDER}/_suggestions.html", context)


@never_cache
@require_POST
@signed_in
def handle_beginning(request: SignedInRequest) -> HttpResponse:
    """The box of a new chat with another assistant, or with none, and with what was set for the
    chat before. A POST, since parameters are too long for an address.
    """
    folder = None
    if sent := request.POST.get("folder"):
        folder = conversations.get_folder(request.user, read_uuid(sent))
    told = {}
    try:
        read_choices(request)
    except UserFacingError as error:
        told["error"] = error.sentence
    if folder:
        response = show_folder(request, folder, told)
    else:
        response = render_page(request, None, told=told)
    # Closes the dialog.
    response["HX-Trigger"] = "question:answered"
    return response


def read_uuid(sent: str) -> uuid.UUID:
    try:
        return uuid.UUID(sent)
    except ValueError:
        raise Http404 from None


@never_cache
@require_POST
@signed_in
def handle_use(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Has a conversation go on with an assistant as it is now; with none where none is sent."""
    sent = request.POST.get("assistant", "")
    try:
        conversation = use_assistant(
            owner=request.user,
            conversation_id=conversation_id,
            assistant_id=read_uuid(sent) if sent else None,
        )
    except UserFacingError as error:
        if request.htmx:
            return render_sentence(error.sentence, status=error.status)
        messages.error(request, error.sentence)
        return redirect("conversations:detail", conversation_id)
    version = conversation.assistant_version
    told = _("From the next reply on, no assistant answers.")
    if version:
        told = _("From the next reply on, “%(name)s” answers.") % {"name": version.name}
    if not request.htmx:
        messages.success(request, told)
        return redirect(conversation)
    context = {"conversation": conversation, "toast": told}
    response = render(request, f"{FOLDER}/_changed.html", context)
    response["HX-Trigger"] = CHANGED
    return response
