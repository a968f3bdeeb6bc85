"""One's own prompts as a file: downloaded, and brought back or from elsewhere."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.errors import UserFacingError
from chatsite.core.offload import offload
from conversations.prompt_library import files, queries, services
from conversations.prompt_library.files import InvalidFileError
from conversations.views.folders import ask

IMPORT = "conversations/prompts/_import_form.html"
# How many prompts are named that got another name.
MOST_NAMED = 10


@never_cache
@require_POST
@signed_in
def download_prompts(request: SignedInRequest) -> HttpResponse:
    """A POST, so that no page elsewhere can have it made by a link or an image."""
    content = "".join(files.write_file(queries.iterate_own(request.user)))
    response = HttpResponse(content, content_type="application/json")
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="prompts-{day}.json"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_import(request: SignedInRequest) -> HttpResponse:
    """All of a file, or nothing and what is wrong with it."""
    context: dict[str, Any] = {
        "back": reverse("conversations:prompts"),
        "page_heading": _("Prompts"),
    }
    if request.method != "POST":
        return ask(request, IMPORT, context)
    try:
        contents = offload(files.read_file, read_upload(request))
        imported = services.import_prompts(owner=request.user, contents=contents)
    except UserFacingError as error:
        reasons = error.reasons if isinstance(error, InvalidFileError) else []
        context |= {"error": error.sentence, "reasons": reasons}
        return ask(request, IMPORT, context, error.status)
    messages.success(request, describe(imported))
    return redirect("conversations:prompts")


def read_upload(request: HttpRequest) -> bytes:
    """Raises InvalidFileError."""
    upload = request.FILES.get("file")
    if upload is None:
        raise InvalidFileError(_("Choose a file first."))
    content: bytes = upload.read(files.MOST_BYTES + 1)
    return content


def describe(imported: services.Imported) -> str:
    """Say what came of it."""
    said = [
        ngettext(
            "%(count)d prompt was imported.", "%(count)d prompts were imported.", imported.added
        )
        % {"count": imported.added}
    ]
    if imported.known:
        said.append(
            ngettext("%(count)d was here already.", "%(count)d were here already.", imported.known)
            % {"count": imported.known}
        )
    for old, new in imported.renamed[:MOST_NAMED]:
        said.append(_("“%(old)s” is called “%(new)s” here.") % {"old": old, "new": new})
    more = len(imported.renamed) - MOST_NAMED
    if more > 0:
        said.append(
            ngettext("%(count)d more was renamed.", "%(count)d more were renamed.", more)
            % {"count": more}
        )
    return " ".join(said)
