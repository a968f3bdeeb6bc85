"""The queue of conversations."""

from django.http import Http404, HttpResponseBase

from conversations.review.views.access import READ, permitted
from conversations.views.access import SignedInRequest


@permitted(READ)
def queue(request: SignedInRequest) -> HttpResponseBase:
    raise Http404


@permitted(READ)
def save_filter(request: SignedInRequest) -> HttpResponseBase:
    raise Http404


@permitted(READ)
def delete_filter(request: SignedInRequest, filter_id: int) -> HttpResponseBase:
    raise Http404


@permitted(READ)
def bulk(request: SignedInRequest) -> HttpResponseBase:
    raise Http404
