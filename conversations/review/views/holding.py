"""Legal holds: placed on a conversation, and released."""

import uuid

from django.http import Http404, HttpResponseBase

from conversations.review.views.access import READ, permitted
from conversations.views.access import SignedInRequest


@permitted(READ, "review.add_hold")
def hold(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    raise Http404


@permitted(READ, "review.delete_hold")
def release(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    raise Http404
