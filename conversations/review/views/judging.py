"""What reviewers say of a conversation."""

import uuid

from django.http import Http404, HttpResponseBase

from conversations.review.views.access import JUDGE, READ, permitted
from conversations.views.access import SignedInRequest


@permitted(READ, JUDGE)
def judge(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    raise Http404


@permitted(READ, JUDGE)
def assign(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    raise Http404


@permitted(READ, JUDGE)
def flag(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    raise Http404


@permitted(READ, JUDGE)
def add_note(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    raise Http404


@permitted(READ, JUDGE)
def delete_note(
    request: SignedInRequest, conversation_id: uuid.UUID, note_id: int
) -> HttpResponseBase:
    raise Http404
