"""Files in a transcript: shown, or saved, and noted down like the transcript itself."""

import uuid

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from chatsite.accounts.access import SignedInRequest
from conversations.attachments.responses import respond_with_output
from conversations.models import Attachment
from conversations.review.audit import services as access_log
from conversations.review.audit.reason_views import with_reason
from conversations.review.models import AccessEntry
from conversations.review.permissions import READ, permitted
from conversations.review.queries import reviews_for


@require_safe
@permitted(READ)
@with_reason
def show_file(
    request: SignedInRequest, conversation_id: uuid.UUID, file_id: uuid.UUID, output: str
) -> HttpResponseBase:
    """A picture of a file; part of the look at the transcript that shows it."""
    file = find_file(request, conversation_id, file_id)
    response = respond_with_output(request, file, output)
    if not (file.conversation and access_log.has_opened(request.user, file.conversation)):
        record_access(request, file)
    return response


@require_safe
@permitted(READ)
@with_reason
def download_file(
    request: SignedInRequest, conversation_id: uuid.UUID, file_id: uuid.UUID
) -> HttpResponseBase:
    file = find_file(request, conversation_id, file_id)
    response = respond_with_output(request, file, file.saved_output, is_download=True)
    record_access(request, file)
    return response


def find_file(
    request: SignedInRequest, conversation_id: uuid.UUID, file_id: uuid.UUID
) -> Attachment:
    """Return a file of a conversation that the reviewer may see. Raises Http404."""
    get_object_or_404(reviews_for(request.user), pk=conversation_id)
    files = Attachment.objects.select_related("conversation").defer("text")
    return get_object_or_404(files, pk=file_id, conversation=conversation_id)


def record_access(request: SignedInRequest, file: Attachment) -> None:
    access_log.record_access(
        request, AccessEntry.Kind.FILE, conversation=file.conversation, details={"kind": file.kind}
    )
