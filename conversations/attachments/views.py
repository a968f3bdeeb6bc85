"""Uploading files, showing them, and taking them away: all of it to their owner alone."""

import uuid
from typing import Any

from django.http import (
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import render
from django.utils.text import Truncator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.errors import UserFacingError
from chatsite.core.http import render_sentence
from conversations.attachments import queries, uploads
from conversations.attachments.errors import UploadConflictError
from conversations.attachments.models import Attachment
from conversations.attachments.responses import add_file_headers, respond_with_output

# Characters of a number that a request brings.
DIGITS = 15
DRAFT_LENGTH = 64
# Characters of a text that a preview shows.
PREVIEW_LENGTH = 20_000


@never_cache
@require_POST
@signed_in
def handle_beginning(request: SignedInRequest) -> HttpResponse:
    """Announces a file; answers with where its pieces go."""
    try:
        file = uploads.begin_upload(
            owner=request.user,
            name=request.POST.get("name", ""),
            size=read_number(request.POST.get("size", "")),
            draft=request.POST.get("draft", "")[:DRAFT_LENGTH],
        )
    except UserFacingError as error:
        return render_sentence(error.sentence, status=error.status)
    return JsonResponse(describe_upload(file), status=201)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handle_content(request: SignedInRequest, file_id: uuid.UUID) -> HttpResponse:
    """Takes the piece that begins at `offset`; after the last one answers with the file's chip.
    GET: how much has come.
    """
    if request.method != "POST":
        return JsonResponse(describe_upload(queries.get_unsent_file(request.user, file_id)))
    try:
        file = uploads.take_piece(
            owner=request.user,
            file_id=file_id,
            offset=read_number(request.GET.get("offset", "")),
            piece=request.body,
        )
    except UploadConflictError as error:
        return JsonResponse({"received": error.received}, status=error.status)
    except UserFacingError as error:
        return render_sentence(error.sentence, status=error.status)
    if not file.is_ready:
        return JsonResponse(describe_upload(file))
    return render(request, "conversations/_file_chip.html", {"file": file})


@never_cache
@require_POST
@signed_in
def handle_removal(request: SignedInRequest, file_id: uuid.UUID) -> HttpResponse:
    """Takes back a file that wasn't sent; without scripts the message's form does (forms.py)."""
    uploads.discard_upload(owner=request.user, file_id=file_id)
    return HttpResponse(status=204)


@require_safe
@signed_in
def show_output(request: SignedInRequest, file_id: uuid.UUID, output: str) -> HttpResponseBase:
    """A picture of a file: small, as large as it is kept, or of a page."""
    return respond_with_output(request, queries.get_file(request.user, file_id), output)


@require_safe
@signed_in
def show_page(request: SignedInRequest, file_id: uuid.UUID, number: int) -> HttpResponseBase:
    return respond_with_output(request, queries.get_file(request.user, file_id), f"page-{number}")


@require_safe
@signed_in
def show_text(request: SignedInRequest, file_id: uuid.UUID) -> HttpResponse:
    """The beginning of a file's text, which a script puts into the page as text."""
    file = queries.get_file(request.user, file_id)
    text = Truncator(file.text).chars(PREVIEW_LENGTH)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    return add_file_headers(response, f'"{file.content_key[:32]}-text"')


@require_safe
@signed_in
def download_file(request: SignedInRequest, file_id: uuid.UUID) -> HttpResponseBase:
    """The file as it came; a picture as it is kept."""
    file = queries.get_file(request.user, file_id)
    return respond_with_output(request, file, file.saved_output, is_download=True)


def describe_upload(file: Attachment) -> dict[str, Any]:
    return {"id": str(file.pk), "received": file.received, "size": file.size}


def read_number(text: str) -> int:
    """Return a number that a request brings; 0 for whatever is none."""
    return int(text) if text.isdecimal() and len(text) <= DIGITS else 0
