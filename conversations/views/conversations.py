"""What is done with a conversation from its menu: renaming, pinning, archiving, deleting, and
undoing that.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chatsite.accounts.access import SignedInRequest, signed_in
from conversations import queries
from conversations.models import Conversation
from conversations.services import conversations as services
from conversations.services import deletion
from conversations.views.context import (
    CHANGED,
    SHOWN_AGAIN,
    find_active_id,
    make_page_context,
)
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
    if request.POST.get("from") == "list":
        return answer_change(request, conversation, _("The conversation was renamed."))
    response = render(request, "conversations/detail.html#header", {"conversation": conversation})
    response["HX-Trigger"] = CHANGED
    return response


@never_cache
@require_safe
@signed_in
def show_options(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """The menu of a conversation in the list, and the dialogs that it opens."""
    conversation = queries.get_conversation(request.user, conversation_id)
    if not request.htmx:
        return redirect(conversation)
    return render(request, "conversations/_row_options.html", {"conversation": conversation})


@never_cache
@require_POST
@signed_in
def handle_pin(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = queries.get_conversation(request.user, conversation_id)
    pinned = bool(request.POST.get("pinned"))
    try:
        services.pin_conversation(conversation=conversation, pinned=pinned)
    except services.TooManyPinnedError as error:
        if request.htmx:
            return answer_change(request, conversation, Toast(error.sentence, level="error"))
        messages.error(request, error.sentence)
        return redirect(conversation)
    if not request.htmx:
        return redirect(conversation)
    done = _("The conversation was pinned.") if pinned else _("The conversation was unpinned.")
    return answer_change(request, conversation, done)


@never_cache
@require_POST
@signed_in
def handle_archive(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Archives it, or takes it out of the archive, which also undoes the first."""
    conversation = queries.get_conversation(request.user, conversation_id)
    archived = bool(request.POST.get("archived"))
    services.archive_conversation(conversation=conversation, archived=archived)
    if request.htmx and archived:
        return answer_change(request, conversation, make_undo_toast(conversation, "archive"))
    if request.htmx:
        return answer_change(request, conversation, say_where(conversation))
    if request.POST.get("from") == "archive":
        return redirect("conversations:archive_list")
    return redirect(conversation)


@never_cache
@require_POST
@signed_in
def handle_deletion(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Hides it, and offers to undo that; it is deleted for good by a thread."""
    conversation = queries.get_conversation(request.user, conversation_id)
    deletion.mark_deleted(conversation=conversation)
    toast = make_undo_toast(conversation, "restore")
    if request.htmx and find_active_id(request) != conversation.pk:
        return answer_change(request, conversation, toast)
    messages.success(request, toast.text, extra_tags=toast.undo_url)
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": reverse("conversations:new")})
    return redirect("conversations:new")


@never_cache
@require_POST
@signed_in
def handle_restore(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = deletion.restore_conversation(
        owner=request.user, conversation_id=conversation_id
    )
    if conversation is not None:
        if request.htmx and conversation.pk != conversation_id:
            return answer_put_back(request, conversation)
        if request.htmx:
            return answer_change(request, conversation, say_where(conversation))
        return redirect(conversation)
    gone = _("The conversation is deleted for good. That can’t be undone.")
    if request.htmx:
        return answer_change(request, None, Toast(gone, level="error"))
    messages.error(request, gone)
    return redirect("conversations:new")


def say_where(conversation: Conversation) -> str:
    """Where one is listed that was archived or deleted."""
    if conversation.folder_id:
        return _("The conversation is in its folder again.")
    return _("The conversation is in the list again.")


def answer_put_back(request: SignedInRequest, conversation: Conversation) -> HttpResponse:
    """Messages are back in their conversation: a page that shows it fetches them."""
    response = answer_change(request, conversation, _("The messages are back."))
    # In this order: the second takes away the toast that both come from.
    response["HX-Trigger"] = f"{SHOWN_AGAIN}, {CHANGED}"
    return response


@dataclass(frozen=True)
class Toast:
    """A sentence over the page (`_toast.html`). `undo_fields` are sent to `undo_url`."""

    text: str
    undo_url: str = ""
    undo_fields: Sequence[tuple[str, str]] = ()
    level: str = "success"


def make_undo_toast(conversation: Conversation, undo: Literal["archive", "restore"]) -> Toast:
    """Say what was done to a conversation, or to messages of it, and which address undoes it."""
    if conversation.deleted_from:
        done = _("The messages were deleted.")
        return Toast(done, reverse("conversations:restore", args=[conversation.pk]))
    done = {
        "archive": _("“%(title)s” was archived."),
        "restore": _("“%(title)s” was deleted."),
    }[undo]
    title = Truncator(conversation.title).chars(TITLE_SHOWN)
    return Toast(done % {"title": title}, reverse(f"conversations:{undo}", args=[conversation.pk]))


def answer_change(
    request: SignedInRequest, conversation: Conversation | None, told: Toast | str
) -> HttpResponse:
    """What a change from a menu brings to the page, which lists it anew. What is only to be heard
    is a string.
    """
    context = {
        "conversation": conversation,
        "is_shown": conversation and find_active_id(request) == conversation.pk,
        "toast": told if isinstance(told, Toast) else None,
        "announcement": told,
    }
    response = render(request, "conversations/_changed.html", context)
    response["HX-Trigger"] = CHANGED
    return response
