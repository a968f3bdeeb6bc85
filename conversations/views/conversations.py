"""Renaming and deleting a conversation."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from chatsite.accounts.access import SignedInRequest, signed_in
from conversations import queries
from conversations.services import conversations as services
from conversations.views.context import CHANGED, make_page_context
from conversations.views.refusals import refuse_with_sentence

# Characters of a title within a sentence.
TITLE_SHOWN = 60


@never_cache
@require_POST
@signed_in
def handle_rename(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = queries.get_conversation(request.user, conversation_id)
    try:
        services.rename_conversation(conversation=conversation, title=request.POST.get("title", ""))
    except services.InvalidTitleError as error:
        return refuse_with_sentence(
            request,
            error,
            lambda sentence: make_page_context(request, conversation) | {"error": sentence},
        )
    if not request.htmx:
        return redirect(conversation)
    response = render(request, "conversations/detail.html#header", {"conversation": conversation})
    response["HX-Trigger"] = CHANGED
    return response


@never_cache
@require_POST
@signed_in
def handle_deletion(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = queries.get_conversation(request.user, conversation_id)
    services.delete_conversation(conversation=conversation)
    title = Truncator(conversation.title).chars(TITLE_SHOWN)
    messages.success(request, _("“%(title)s” was deleted.") % {"title": title})
    return redirect("conversations:new")
