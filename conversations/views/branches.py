"""What is done with a branch at a message of it: deleting what follows, copying what led there."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.errors import UserFacingError
from conversations import queries, tree
from conversations.services import copies, deletion
from conversations.views.context import render_branch
from conversations.views.conversations import make_undo_toast
from conversations.views.refusals import refuse_message


@never_cache
@require_POST
@signed_in
def handle_deletion(
    request: SignedInRequest, conversation_id: uuid.UUID, message_id: int
) -> HttpResponse:
    """Hides a message and what follows it, and offers to undo that. The page gets what is shown in
    their place; another one where nothing is left.
    """
    above = queries.get_message(request.user, conversation_id, message_id).parent_id
    deleted = deletion.delete_from_message(
        owner=request.user, conversation_id=conversation_id, message_id=message_id
    )
    toast = make_undo_toast(deleted, "restore")
    if deleted.pk == conversation_id:
        messages.success(request, toast.text, extra_tags=toast.undo_url)
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": reverse("conversations:new")})
        return redirect("conversations:new")
    conversation = queries.get_conversation(request.user, conversation_id)
    if not request.htmx:
        messages.success(request, toast.text, extra_tags=toast.undo_url)
        return redirect(conversation)
    fork = tree.find_fork(conversation.pk, conversation.leaf_id, above) if above else None
    page = queries.read_page_below(conversation, fork, queries.SWITCHED_SIZE)
    return render_branch(request, conversation, page, toast=toast)


@never_cache
@require_POST
@signed_in
def handle_copy(
    request: SignedInRequest, conversation_id: uuid.UUID, message_id: int
) -> HttpResponse:
    """Opens a new conversation with a copy of the branch up to a message."""
    try:
        copy = copies.copy_branch(
            owner=request.user, conversation_id=conversation_id, message_id=message_id
        )
    except UserFacingError as error:
        conversation = queries.get_conversation(request.user, conversation_id)
        return refuse_message(request, conversation, error, "")
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": copy.get_absolute_url()})
    return redirect(copy)
