"""What is kept of a file, as an answer: to whoever may see it, which the view has found out."""

import logging

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from chatsite.core.connections import release_connection
from chatsite.core.http import render_sentence
from conversations.attachments import storage
from conversations.attachments.models import Attachment

logger = logging.getLogger(__name__)

# What is shown in a page: pictures that we made ourselves. All else is saved by the browser.
SHOWN_INLINE = {"image/jpeg", "image/png", "image/webp"}
CSP = "default-src 'none'; sandbox; frame-ancestors 'none'"
# Seconds. The bytes behind an address never change; signing out clears them (Clear-Site-Data).
MAX_AGE = 30 * 24 * 3600


def respond_with_output(
    request: HttpRequest, file: Attachment, output: str, *, is_download: bool = False
) -> HttpResponseBase:
    """Answer with what is kept of a file under this name; with 503 where its storage is away.
    Raises Http404.
    """
    media_type, size = file.outputs.get(output, ("", 0))
    is_shown = media_type in SHOWN_INLINE and output != storage.ORIGINAL
    if not media_type or not (is_shown or is_download):
        raise Http404
    etag = f'"{file.content_key[:32]}-{output}"'
    if request.headers.get("If-None-Match") == etag:
        return add_file_headers(HttpResponse(status=304), etag)
    release_connection()
    try:
        is_there = storage.has_content(file.content_key, [output])
    except OSError as error:
        logger.error("file %s can't be read: %s", file.pk, error)
        return respond_away()
    if not is_there:
        raise Http404
    response = StreamingHttpResponse(
        storage.stream_content(file.content_key, output),
        # As what it came is not for the browser to try.
        content_type=media_type if is_shown else "application/octet-stream",
    )
    response["Content-Length"] = size
    response["Content-Disposition"] = content_disposition_header(is_download, file.name) or "inline"
    return add_file_headers(response, etag)


def respond_away() -> HttpResponse:
    sentence = _("This file can’t be read at the moment. Try again in a few minutes.")
    response = render_sentence(sentence, status=503)
    add_never_cache_headers(response)
    return response


def add_file_headers[Response: HttpResponseBase](response: Response, etag: str) -> Response:
    """Have the browser run nothing of it, keep it for this reader alone, and ask no more."""
    response["Content-Security-Policy"] = CSP
    response["ETag"] = etag
    patch_cache_control(response, private=True, max_age=MAX_AGE, immutable=True)
    return response
