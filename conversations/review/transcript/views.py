"""A conversation as its user saw it, and everything that is known of it."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from chatsite.accounts.access import SignedInRequest
from conversations.review.audit import listings
from conversations.review.audit import services as access_log
from conversations.review.audit.reason_views import with_reason
from conversations.review.filters.filters import Filters
from conversations.review.filters.neighbours import find_neighbours
from conversations.review.identities import Identities
from conversations.review.models import AccessEntry, Review, ReviewPolicy
from conversations.review.permissions import READ, permitted, render_page
from conversations.review.queries import (
    SEE_HOLDS,
    find_origins,
    list_deleted_parts,
    reviews_for,
)
from conversations.review.transcript import visits
from conversations.review.transcript.annotations import list_annotations
from conversations.review.transcript.message_rows import make_message_rows
from conversations.review.transcript.pages import find_page
from conversations.review.transcript.sidebar import build_sidebar
from conversations.review.transcript.url_state import UrlState
from conversations.services.replies import renderings
from conversations.tree import find_siblings

WITH = (
    "verdict",
    "assignee",
    "changed_by",
    "conversation__hold__placed_by",
    "conversation__assistant_version",
)


@require_safe
@permitted(READ)
@with_reason
def show_transcript(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    return render_transcript(request, conversation_id)


def render_transcript(
    request: SignedInRequest,
    conversation_id: uuid.UUID,
    *,
    status: int = 200,
    is_outdated: bool = False,
    sent: Mapping[str, Form] | None = None,
) -> HttpResponseBase:
    """The page; with a form that was refused, as it was typed, and what somebody else has saved
    meanwhile.
    """
    reviews = reviews_for(request.user)
    review = get_object_or_404(reviews.select_related(*WITH), pk=conversation_id)
    conversation = review.conversation
    transcript_page = find_page(conversation, UrlState.read(request.GET))
    identities = Identities(request.user)
    filters = Filters.read(request.GET, identities)
    if not visits.is_under_way(request, review):
        access_log.record_access(
            request,
            AccessEntry.Kind.TRANSCRIPT,
            conversation=conversation,
            # Whether it has neighbours tells of the titles that were searched.
            terms=listings.searched_words(filters),
        )
    renderings.refresh_html(transcript_page.messages)
    siblings = find_siblings(transcript_page.messages)
    annotations = list_annotations(review.pk, transcript_page.messages)
    return render_page(
        request,
        "review/transcript/transcript.html",
        title=conversation.title,
        model=Review,
        status=status,
        review=review,
        conversation=conversation,
        transcript_page=transcript_page,
        message_rows=make_message_rows(transcript_page, siblings, annotations),
        notes=annotations.notes_of(None),
        is_outdated=is_outdated,
        hold=visible_hold(request, review),
        hides_pictures=ReviewPolicy.current().hides_pictures,
        origins=find_origins(request.user, [conversation]),
        deleted_parts=list_deleted_parts(request.user, conversation),
        **page_urls(request, review, filters, identities),
        **build_sidebar(request.user, review, annotations, sent or {}),
    )


def page_urls(
    request: SignedInRequest, review: Review, filters: Filters, identities: Identities
) -> dict[str, Any]:
    """Its place in the queue, and whose it is."""
    return {
        "owner": identities.name(review.person),
        "filters": filters,
        "neighbours": find_neighbours(reviews_for(request.user), filters, review),
        # What a form comes back to.
        "place_query": request.GET.urlencode(),
    }


def visible_hold(request: SignedInRequest, review: Review) -> Any:
    """Who may not see holds is told nothing."""
    is_seen = request.user.has_perm(SEE_HOLDS)
    return getattr(review.conversation, "hold", None) if is_seen else None
