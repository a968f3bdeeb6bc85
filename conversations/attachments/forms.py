"""The files that a message's form names, or brings along."""

import uuid
from contextlib import suppress

from django.http import HttpRequest

from chatsite.accounts.access import SignedInRequest
from conversations.attachments import uploads
from conversations.attachments.limits import read_limits

# What a form has beside its files.
FORM_SIZE = 1024 * 1024


def read_files(request: HttpRequest) -> list[uuid.UUID]:
    """Return the ids of the files that wait to be sent with a message, each once."""
    found: dict[uuid.UUID, None] = {}
    for sent in request.POST.getlist("file"):
        with suppress(ValueError):
            found[uuid.UUID(sent)] = None
    return list(found)


def take_files(request: SignedInRequest, draft: str) -> list[uuid.UUID]:
    """Return those, and after them what a browser without scripts sends with the form itself.

    Raises UserFacingError; those that were taken until then wait to be sent.
    """
    sent = [
        uploads.take_whole_file(
            owner=request.user, name=file.name or "", pieces=file.chunks(), draft=draft
        )
        for file in request.FILES.getlist("upload")
        if file.name
    ]
    return read_files(request) + [file.pk for file in sent]


def measure_largest_form(request: HttpRequest) -> int:
    """Return how many bytes a message's form may have, if it brings its files along."""
    brings_files = request.content_type == "multipart/form-data"
    return read_limits().message_size + FORM_SIZE if brings_files else 0
