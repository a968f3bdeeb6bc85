"""Legal holds: placed on a conversation, and released."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chatsite.accounts.access import SignedInRequest
from conversations.review.audit import listings
from conversations.review.audit import services as access_log
from conversations.review.audit.reason_views import with_reason
from conversations.review.identities import Identities
from conversations.review.models import AccessEntry, Hold, Review
from conversations.review.permissions import READ, permitted, render_page
from conversations.review.queries import SEE_HOLDS, review_for
from conversations.review.retention import holds

TRANSCRIPT = "admin:review_review_change"


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(READ, "review.add_hold")
@with_reason
def put_on_hold(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    """The form is on the transcript; here it is by itself, with what stands against it."""
    review = review_for(request.user, conversation_id)
    if request.method != "POST":
        return hold_page(request, review)
    try:
        with transaction.atomic():
            holds.put_hold(
                conversation=review.conversation,
                reason=request.POST.get("hold_reason", ""),
                by=request.user,
            )
            record_hold(request, AccessEntry.Kind.HOLD, review)
    except holds.HoldRefusedError as refused:
        return hold_page(request, review, refused.sentence)
    messages.success(request, _("The conversation is held. Nobody can delete it."))
    return redirect(TRANSCRIPT, conversation_id)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(READ, "review.delete_hold")
@with_reason
def release_from_hold(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    """Asks first, as it may delete what can't be had back."""
    review = review_for(request.user, conversation_id)
    if request.method != "POST":
        return release_page(request, review)
    try:
        with transaction.atomic():
            record_hold(request, AccessEntry.Kind.RELEASE, review)
            is_erased = holds.release_hold(conversation=review.conversation, by=request.user)
    except holds.HoldRefusedError as refused:
        return release_page(request, review, refused.sentence)
    if is_erased:
        messages.success(
            request,
            _(
                "The hold is released, and the conversation deleted: nobody finds it any more. "
                "The last traces of its text are cleared from the database’s files in the "
                "background."
            ),
        )
        return redirect(
            "admin:review_hold_changelist"
            if request.user.has_perm(SEE_HOLDS)
            else "admin:review_review_changelist"
        )
    messages.success(request, _("The hold is released. The conversation stays with its owner."))
    return redirect(TRANSCRIPT, conversation_id)


def record_hold(request: SignedInRequest, kind: AccessEntry.Kind, review: Review) -> None:
    access_log.record_access(request, kind, conversation=review.conversation, subject=review.person)


def hold_page(request: SignedInRequest, review: Review, error: str = "") -> HttpResponseBase:
    listings.record_listing(request, "hold", [review.conversation])
    return render_page(
        request,
        "review/retention/hold.html",
        title=_("Legal hold"),
        model=Review,
        review=review,
        conversation=review.conversation,
        hold=find_visible_hold(request, review),
        name=Identities(request.user).name(review.person),
        reason=request.POST.get("hold_reason", ""),
        error=error,
        status=422 if error else 200,
    )


def release_page(request: SignedInRequest, review: Review, error: str = "") -> HttpResponseBase:
    listings.record_listing(request, "hold", [review.conversation])
    return render_page(
        request,
        "review/retention/release.html",
        title=_("Release the legal hold?"),
        model=Review,
        review=review,
        conversation=review.conversation,
        hold=find_visible_hold(request, review),
        name=Identities(request.user).name(review.person),
        error=error,
        status=409 if error else 200,
    )


def find_visible_hold(request: SignedInRequest, review: Review) -> Hold | None:
    """What the reader may see of it."""
    if not request.user.has_perm(SEE_HOLDS):
        return None
    return Hold.objects.select_related("placed_by").filter(conversation=review.pk).first()
