"""What reviewers say of a conversation: each is a form of the transcript's page, and leads back to
where it was sent from.
"""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chatsite.accounts.access import SignedInRequest
from conversations.models import Message
from conversations.review.audit.reason_views import with_reason
from conversations.review.decisions import decisions, flags, labels, notes
from conversations.review.models import Label, Note, Review
from conversations.review.permissions import JUDGE, READ, permitted
from conversations.review.queries import review_for
from conversations.review.transcript import visits
from conversations.review.transcript.forms import (
    AssignForm,
    FlagForm,
    JudgeForm,
    LabelsForm,
    NoteForm,
    VersionedForm,
)
from conversations.review.transcript.sidebar import ADD_LABEL
from conversations.review.transcript.views import render_transcript

PANEL, NOTES = "judging", "notes"


@require_POST
@permitted(READ, JUDGE)
@with_reason
def save_decision(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    review = review_for(request.user, conversation_id)
    form = JudgeForm(review, request.POST)

    def save() -> None:
        sent = form.cleaned_data
        is_reviewed = not sent["take_back"]
        decisions.record_decision(
            review=review,
            reviewer=request.user,
            version=sent["version"],
            verdict=sent["verdict"] if is_reviewed else None,
            comment=sent["comment"],
            is_reviewed=is_reviewed,
        )

    return save_form(request, review, "judge", form, save)


@require_POST
@permitted(READ, JUDGE)
@with_reason
def save_assignee(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    review = review_for(request.user, conversation_id)
    form = AssignForm(request.POST)

    def save() -> None:
        sent = form.cleaned_data
        decisions.assign_review(
            review=review,
            reviewer=request.user,
            version=sent["version"],
            assignee=sent["assignee"],
        )

    return save_form(request, review, "assign", form, save)


@require_POST
@permitted(READ, JUDGE)
@with_reason
def set_labels(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    review = review_for(request.user, conversation_id)
    form = LabelsForm(request.POST, may_add=request.user.has_perm(ADD_LABEL))

    def save() -> None:
        sent = form.cleaned_data
        labels.set_labels(
            review=review,
            reviewer=request.user,
            version=sent["version"],
            labels=list[Label](sent["labels"]),
            new=sent.get("new", ""),
        )

    return save_form(request, review, "labels", form, save)


@require_POST
@permitted(READ, JUDGE)
@with_reason
def save_flag(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    review = review_for(request.user, conversation_id)
    form = FlagForm(request.POST)

    def save() -> None:
        sent = form.cleaned_data
        put = flags.flag_conversation if sent["flag"] == "on" else flags.unflag_conversation
        put(review=review, reviewer=request.user, version=sent["version"])

    return save_form(request, review, "flag", form, save)


def save_form(
    request: SignedInRequest,
    review: Review,
    name: str,
    form: VersionedForm,
    save: Callable[[], None],
) -> HttpResponseBase:
    """Back to the page; or the page as it is by now, with all that was typed: when the form can't
    be saved, or somebody else has saved meanwhile.
    """
    if {"version", "flag"} & form.errors.keys():
        # No form of ours sends that.
        raise Http404
    if not form.is_valid():
        return render_transcript(request, review.pk, status=422, sent={name: form})
    try:
        save()
    except decisions.StaleVersionError:
        return render_transcript(
            request, review.pk, status=409, is_outdated=True, sent={name: form}
        )
    except decisions.OwnConversationError:
        tell_of_own(request)
    visits.go_on(request, review)
    return redirect(back_url(request, review.pk, PANEL))


@require_POST
@permitted(READ, JUDGE)
@with_reason
def add_note(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    review = review_for(request.user, conversation_id)
    form = NoteForm(request.POST)
    if "message" in form.errors:
        raise Http404
    message = message_of(review, form["message"].value())
    if not form.is_valid():
        return render_transcript(request, review.pk, status=422, sent={"note": form})
    text = form.cleaned_data["text"]
    try:
        notes.add_note(review=review, author=request.user, text=text, message=message)
    except decisions.StaleVersionError:
        raise Http404 from None
    except decisions.OwnConversationError:
        tell_of_own(request)
    visits.go_on(request, review)
    return redirect(back_url(request, review.pk, f"m{message.pk}" if message else NOTES))


@require_POST
@permitted(READ, JUDGE)
@with_reason
def delete_note(
    request: SignedInRequest, conversation_id: uuid.UUID, note_id: int
) -> HttpResponseBase:
    """One's own."""
    review = review_for(request.user, conversation_id)
    note = get_object_or_404(Note, pk=note_id, conversation=review.pk, author=request.user)
    notes.delete_note(note=note)
    visits.go_on(request, review)
    return redirect(
        back_url(request, review.pk, f"m{note.message_id}" if note.message_id else NOTES)
    )


def tell_of_own(request: HttpRequest) -> None:
    messages.error(request, _("Nothing was changed: nobody reviews their own conversation."))


def message_of(review: Review, message_id: str | None) -> Message | None:
    if not message_id:
        return None
    return get_object_or_404(Message, pk=message_id, conversation=review.pk)


def back_url(request: HttpRequest, conversation_id: uuid.UUID, anchor: str) -> str:
    """The same place of the transcript, and the same place in the queue."""
    address = reverse("admin:review_review_change", args=[conversation_id])
    query = request.GET.urlencode()
    return f"{address}?{query}#{anchor}" if query else f"{address}#{anchor}"
