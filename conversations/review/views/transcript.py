"""A conversation as its user saw it, and everything that is known of it."""

import uuid

from django.http import Http404, HttpResponseBase

from conversations.review.views.access import READ, permitted
from conversations.views.access import SignedInRequest


@permitted(READ)
def transcript(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    raise Http404
