"""Folders: the page of one, making, changing and deleting one, and moving a conversation.

What is asked before is a dialog over the page, or a page of its own where there are no scripts.
"""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.errors import UserFacingError
from chatsite.core.http import render_sentence, sent_text
from chatsite.core.pagination import InvalidCursorError
from chatsite.server.admission_queue import queued
from chatsite.server.body_middleware import accepts_body
from conversations import queries
from conversations.attachments.forms import measure_largest_form, remove_named_file, take_files
from conversations.folders import Folder
from conversations.models import Conversation
from conversations.services import folders as services
from conversations.services import turns
from conversations.views.context import (
    make_column_context,
    make_files_context,
    make_sidebar_context,
)
from conversations.views.conversations import TITLE_SHOWN, Toast, answer_change
from conversations.views.forms import read_choices, read_token
from conversations.views.pages import answer_first_message
from conversations.views.refusals import make_refused_context, refresh_page, refuse_message

PAGE = "conversations/folder.html"
NEW = "new"


@accepts_body(measure_largest_form)
@queued
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request", "HX-Boosted")
def handle_folder(request: SignedInRequest, folder_id: uuid.UUID) -> HttpResponse:
    """What is in it, and a new chat, whose first message makes a conversation in it."""
    folder = queries.get_folder(request.user, folder_id)
    if request.method != "POST":
        return show_folder(request, folder)
    text = sent_text(request)
    try:
        if remove_named_file(request, str(folder.pk)):
            return refresh_page() if request.htmx else show_folder(request, folder, {"draft": text})
        turn = turns.start_conversation(
            owner=request.user,
            text=text,
            token=read_token(request),
            files=take_files(request, str(folder.pk)),
            folder_id=folder.pk,
            choices=read_choices(request),
        )
    except UserFacingError as error:
        if request.htmx:
            return refuse_message(request, None, error, text)
        context = make_refused_context(error, text)
        return show_folder(request, folder, context, status=error.status)
    return answer_first_message(request, turn)


def show_folder(
    request: SignedInRequest, folder: Folder, told: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    try:
        # Pages are turned by time: what is older comes after in the list.
        page = queries.list_conversations_in(folder, after=before, before=after)
    except InvalidCursorError:
        raise Http404 from None
    context = {"folder": folder, "listed": page} | (told or {})
    is_opened = request.htmx.boosted or (request.htmx and request.method == "POST")
    if request.htmx and not is_opened:
        return render(request, "conversations/_listed.html", context)
    # Its box is another one than that of the page of a new chat.
    context |= make_column_context(request, None) | make_files_context(request, str(folder.pk))
    if is_opened:
        return render(request, f"{PAGE}#main", context)
    context |= make_sidebar_context(request, folder_id=folder.pk)
    return render(request, PAGE, context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_creation(request: SignedInRequest) -> HttpResponse:
    name, color = request.POST.get("name", ""), request.POST.get("color", Folder.Color.BLUE)
    asked = {
        "heading": _("New folder"),
        "action": _("Create folder"),
        "colors": Folder.Color.choices,
        "name": name,
        "color": color,
        "back": reverse("conversations:new"),
    }
    if request.method != "POST":
        return ask(request, "conversations/_folder_form.html", asked)
    try:
        folder = services.create_folder(owner=request.user, name=name, color=color)
    except UserFacingError as error:
        return ask_again(request, "conversations/_folder_form.html", asked, error)
    return go_to(request, folder.get_absolute_url())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_edit(request: SignedInRequest, folder_id: uuid.UUID) -> HttpResponse:
    folder = queries.get_folder(request.user, folder_id)
    name = request.POST.get("name", folder.name)
    color = request.POST.get("color", folder.color)
    asked = {
        "heading": _("Edit this folder"),
        "action": _("Save"),
        "colors": Folder.Color.choices,
        "name": name,
        "color": color,
        "back": folder.get_absolute_url(),
    }
    if request.method != "POST":
        return ask(request, "conversations/_folder_form.html", asked)
    try:
        services.edit_folder(owner=request.user, folder_id=folder.pk, name=name, color=color)
    except UserFacingError as error:
        return ask_again(request, "conversations/_folder_form.html", asked, error)
    return go_to(request, folder.get_absolute_url())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_deletion(request: SignedInRequest, folder_id: uuid.UUID) -> HttpResponse:
    """Asks first, and says how many conversations are kept."""
    if request.method != "POST":
        folder = queries.get_folder(request.user, folder_id)
        count = queries.list_own(request.user).filter(folder=folder).count()
        asked = {"folder": folder, "count": count, "back": folder.get_absolute_url()}
        return ask(request, "conversations/_folder_deletion.html", asked)
    name, count = services.delete_folder(owner=request.user, folder_id=folder_id)
    done = ngettext(
        "The folder “%(name)s” was deleted. The conversation in it was kept.",
        "The folder “%(name)s” was deleted. The %(count)d conversations in it were kept.",
        count,
    )
    if not count:
        done = _("The folder “%(name)s” was deleted.")
    messages.success(request, done % {"name": name, "count": count})
    return go_to(request, reverse("conversations:new"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_move(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = queries.get_conversation(request.user, conversation_id)
    earlier = conversation.folder_id
    asked = {
        "conversation": conversation,
        "folders": queries.list_folders(request.user),
        "chosen_id": earlier,
        "name": request.POST.get("name", ""),
        "back": conversation.get_absolute_url(),
    }
    if request.method != "POST":
        return ask(request, "conversations/_move_form.html", asked)
    try:
        folder_id = read_target(request, earlier)
    except UserFacingError as error:
        return ask_again(request, "conversations/_move_form.html", asked, error)
    services.move_conversation(owner=request.user, conversation=conversation, folder_id=folder_id)
    if not request.htmx:
        return redirect(conversation)
    done = make_move_toast(conversation, earlier)
    return answer_change(request, conversation, done if "undo" not in request.POST else done.text)


def read_target(request: SignedInRequest, earlier: uuid.UUID | None = None) -> uuid.UUID | None:
    """The folder that a form names, made if it is new; None for none. A name that was typed counts
    where nothing else was chosen than was before. Raises Http404, UserFacingError.
    """
    chosen, name = request.POST.get("folder", ""), request.POST.get("name", "")
    if chosen == NEW or (name.strip() and chosen == str(earlier or "")):
        return services.find_or_create_folder(owner=request.user, name=name).pk
    if not chosen:
        return None
    try:
        return queries.get_folder(request.user, uuid.UUID(chosen)).pk
    except ValueError:
        raise Http404 from None


def make_move_toast(conversation: Conversation, earlier: uuid.UUID | None) -> Toast:
    title = Truncator(conversation.title).chars(TITLE_SHOWN)
    if conversation.folder:
        done = _("“%(title)s” was moved to “%(folder)s”.")
        text = done % {"title": title, "folder": conversation.folder.name}
    else:
        text = _("“%(title)s” is in no folder now.") % {"title": title}
    url = reverse("conversations:move", args=[conversation.pk])
    return Toast(text, url, [("folder", str(earlier or "")), ("undo", "yes")])


def ask(
    request: SignedInRequest, form: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A form as a dialog for htmx, or within a page."""
    context = context | {"form": form}
    if request.htmx:
        return render(request, "conversations/_question.html", context)
    context = make_sidebar_context(request) | context
    return render(request, "conversations/question.html", context, status=status)


def ask_again(
    request: SignedInRequest, form: str, context: dict[str, Any], error: UserFacingError
) -> HttpResponse:
    """The sentence, for htmx into the dialog; or the page with it and what was typed."""
    if request.htmx:
        return render_sentence(error.sentence, status=error.status)
    return ask(request, form, context | {"error": error.sentence}, error.status)


def go_to(request: SignedInRequest, url: str) -> HttpResponse:
    return HttpResponse(headers={"HX-Redirect": url}) if request.htmx else redirect(url)
