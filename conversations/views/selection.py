"""Several conversations of a list at once: archived or unarchived, moved, deleted; that undone."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.errors import UserFacingError
from chatsite.core.http import render_sentence
from conversations import queries
from conversations.services import selection as services
from conversations.views.context import CHANGED, find_active_id, make_column_context
from conversations.views.conversations import Toast
from conversations.views.folders import ask, read_target

UNDOES = {"archive": "unarchive", "unarchive": "archive", "delete": "restore"}


@never_cache
@require_POST
@signed_in
def handle_selected(request: SignedInRequest) -> HttpResponse:
    """What is to be done stands in `do`."""
    do, owner = request.POST.get("do", ""), request.user
    try:
        ids = read_ids(request)
    except UserFacingError as error:
        return render_sentence(error.sentence, status=error.status)
    if do in ("archive", "unarchive"):
        done = services.archive_conversations(owner=owner, ids=ids, archived=do == "archive")
    elif do == "delete":
        done = services.mark_conversations_deleted(owner=owner, ids=ids)
    elif do == "restore":
        done = services.restore_conversations(owner=owner, ids=ids)
    else:
        raise Http404
    is_undoing = "undo" in request.POST
    sentence = say_done("undo" if is_undoing else do, len(done))
    if not request.htmx:
        return redirect("conversations:new")
    if not done:
        return answer_selected(request, done, Toast(sentence, level="error"))
    if do in UNDOES and not is_undoing:
        fields = [("undo", "yes"), ("do", UNDOES[do]), *make_id_fields(done)]
        toast = Toast(sentence, reverse("conversations:selected"), fields)
        return answer_selected(request, done, toast, is_gone=do == "delete")
    return answer_selected(request, done, sentence)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handle_selected_move(request: SignedInRequest) -> HttpResponse:
    """Asks where to; which ones are selected is added by the page when that is answered."""
    if request.method != "POST":
        asked = {
            "folders": queries.list_folders(request.user),
            "is_selection": True,
            "back": reverse("conversations:new"),
        }
        return ask(request, "conversations/_move_form.html", asked)
    try:
        ids, folder_id = read_ids(request), read_target(request)
    except UserFacingError as error:
        return render_sentence(error.sentence, status=error.status)
    done, earlier = services.move_conversations(owner=request.user, ids=ids, folder_id=folder_id)
    if not request.htmx:
        return redirect("conversations:new")
    sentence = say_done("move", len(done))
    if not done:
        return answer_selected(request, done, Toast(sentence, level="error"))
    if len(earlier) > 1 or "undo" in request.POST:
        return answer_selected(request, done, sentence)
    # They all go back to where they came from.
    fields = [("undo", "yes"), ("folder", str(earlier.pop() or "")), *make_id_fields(done)]
    toast = Toast(sentence, reverse("conversations:selected_move"), fields)
    return answer_selected(request, done, toast)


def make_id_fields(ids: Sequence[uuid.UUID]) -> list[tuple[str, str]]:
    return [("ids", str(pk)) for pk in ids]


class TooManySelectedError(UserFacingError):
    """More were selected than are changed at once."""

    status = 422


def read_ids(request: SignedInRequest) -> set[uuid.UUID]:
    """What can be no id is left out, like the id of what isn't there. Raises
    TooManySelectedError.
    """
    sent = request.POST.getlist("ids")
    if len(sent) > services.MAX_SELECTED:
        raise TooManySelectedError(
            _("At most %(count)d conversations can be selected. Select fewer.")
            % {"count": services.MAX_SELECTED}
        )
    ids = set()
    for each in sent:
        try:
            ids.add(uuid.UUID(each))
        except ValueError:
            continue
    return ids


def say_done(do: str, count: int) -> str:
    if not count:
        return _("Nothing was changed: none of them is there any more.")
    sentences = {
        "archive": ngettext(
            "%(count)d conversation was archived.", "%(count)d conversations were archived.", count
        ),
        "unarchive": ngettext(
            "%(count)d conversation was unarchived.",
            "%(count)d conversations were unarchived.",
            count,
        ),
        "delete": ngettext(
            "%(count)d conversation was deleted.", "%(count)d conversations were deleted.", count
        ),
        "move": ngettext(
            "%(count)d conversation was moved.", "%(count)d conversations were moved.", count
        ),
    }
    back = ngettext(
        "%(count)d conversation is there again.", "%(count)d conversations are there again.", count
    )
    return sentences.get(do, back) % {"count": count}


def answer_selected(
    request: SignedInRequest,
    done: Sequence[uuid.UUID],
    told: Toast | str,
    *,
    is_gone: bool = False,
) -> HttpResponse:
    """What this brings to the page, which lists it anew: if what it shows is gone, a new chat."""
    active = find_active_id(request)
    is_shown = active is not None and active in done
    context: dict[str, Any] = {
        "toast": told if isinstance(told, Toast) else None,
        "announcement": told,
    }
    if active and is_shown and not is_gone:
        conversation = queries.find_conversation(request.user, active)
        context |= {"conversation": conversation, "is_shown": conversation is not None}
    if is_shown and is_gone:
        context |= make_column_context(request, None) | {"is_gone": True}
    response = render(request, "conversations/_changed.html", context)
    response["HX-Trigger"] = CHANGED
    if is_shown and is_gone:
        response["HX-Push-Url"] = reverse("conversations:new")
    return response
