"""What a message's form says of files: which go with it, which it brings along, and what a button
of it does to them. So browsers without scripts can do all of it.
"""

import uuid
from contextlib import suppress

from django.http import Http404, HttpRequest

from chatsite.accounts.access import SignedInRequest
from chatsite.server.admission_queue import outside_queue
from conversations.attachments import choosing, uploads
from conversations.attachments.alternatives import Choice, read_choice
from conversations.attachments.limits import read_limits

# What a form has beside its files.
FORM_SIZE = 1024 * 1024


def read_files(request: HttpRequest, field: str = "file") -> list[uuid.UUID]:
    """Return the ids of the files that wait to be sent with a message, each once."""
    found: dict[uuid.UUID, None] = {}
    for sent in request.POST.getlist(field):
        with suppress(ValueError):
            found[uuid.UUID(sent)] = None
    return list(found)


def take_files(request: SignedInRequest, draft: str) -> list[uuid.UUID]:
    """Return those, and after them what a browser without scripts sends with the form itself; some
    are to be sent otherwise than they are, if a button for that was pressed.

    Raises UserFacingError; those that were taken until then wait to be sent.
    """
    files = read_files(request) + take_uploads(request, draft)
    if choice := read_sent_choice(request):
        with outside_queue(request):
            choosing.choose(owner=request.user, choice=choice)
    return files


def take_uploads(request: SignedInRequest, draft: str) -> list[uuid.UUID]:
    """Return the ids of the files that come with the form itself. Raises UserFacingError."""
    brought = [file for file in request.FILES.getlist("upload") if file.name]
    if not brought:
        return []
    with outside_queue(request):
        return [
            uploads.take_whole_file(
                owner=request.user, name=file.name or "", pieces=file.chunks(), draft=draft
            ).pk
            for file in brought
        ]


def read_sent_choice(request: HttpRequest) -> Choice | None:
    """Return how files are to be sent, if one of the buttons that offer that was pressed."""
    return read_choice(request.POST.get("send_as", ""))


def remove_named_file(request: SignedInRequest, draft: str) -> bool:
    """Takes back the file whose button was pressed, if one was, and tells whether; what the form
    brings along waits to be sent. Raises UserFacingError.
    """
    removed = read_files(request, "remove_file")
    for file in removed:
        # Pressed twice, or on an old page.
        with suppress(Http404):
            uploads.discard_upload(owner=request.user, file_id=file)
    if removed:
        take_uploads(request, draft)
    return bool(removed)


def measure_largest_form(request: HttpRequest) -> int:
    """Return how many bytes a message's form may have, if it brings its files along."""
    brings_files = request.content_type == "multipart/form-data"
    return read_limits().message_size + FORM_SIZE if brings_files else 0
