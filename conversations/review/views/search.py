"""Search inside messages."""

from django.http import Http404, HttpResponseBase

from conversations.review.views.access import READ, permitted
from conversations.views.access import SignedInRequest


@permitted(READ)
def search(request: SignedInRequest) -> HttpResponseBase:
    raise Http404
