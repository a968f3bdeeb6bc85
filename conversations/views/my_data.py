"""“My data”: what is kept of one, taken away as a ZIP, and the account deleted."""

from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.users.services import LastAdministratorError, is_last_administrator
from conversations import queries
from conversations.services import export
from conversations.views.rights import Rights


@never_cache
@require_safe
@signed_in
def show_my_data(request: SignedInRequest) -> HttpResponse:
    context = {
        "conversation_count": queries.count_conversations(request.user),
        "provider": urlsplit(settings.AIMLAPI_BASE_URL).hostname,
        "obstacle": find_obstacle(request),
    }
    return render(request, "accounts/erasure/data.html", context)


@never_cache
@require_POST
@signed_in
def download_my_data(request: SignedInRequest) -> StreamingHttpResponse:
    """A POST, so that no page elsewhere can have it made by a link or an image."""
    day = timezone.localdate().isoformat()
    name = f"chat-{slugify(request.user.username) or 'data'}-{day}.zip"
    archive = Rights(request).guard(export.make_archive(user=request.user))
    response = StreamingHttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, name)
    # Nothing is to compress it once more, or to hold it back until it is whole.
    response["Content-Encoding"] = "identity"
    response["X-Accel-Buffering"] = "no"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handle_account_deletion(request: SignedInRequest) -> HttpResponse:
    if find_obstacle(request):
        return redirect("my_data")
    try:
        response: HttpResponse = confirm_deletion(request)
    except ReauthenticationRequired:
        if request.method == "POST":
            # Not done as soon as the password is typed: the question is asked again.
            return redirect("delete_account")
        raise
    return response


@reauthentication_required  # type: ignore[untyped-decorator]
def confirm_deletion(request: SignedInRequest) -> HttpResponse:
    # Who has nothing to prove it with, because single sign-on lets them in, says it in words.
    has_proof = bool(get_adapter().get_reauthentication_methods(request.user))
    typed = request.POST.get("username", "").strip()
    if request.method == "POST" and (has_proof or typed == request.user.username):
        return delete_account(request)
    context = {"has_proof": has_proof, "is_mistyped": request.method == "POST"}
    status = 422 if context["is_mistyped"] else 200
    return render(request, "accounts/erasure/delete.html", context, status=status)


def delete_account(request: SignedInRequest) -> HttpResponse:
    try:
        erase_user(user=request.user)
    except LastAdministratorError:
        return redirect("my_data")
    logout(request)
    return redirect("account_deleted")


def find_obstacle(request: SignedInRequest) -> str:
    """Why the account can't be deleted now, if so."""
    return LastAdministratorError().sentence if is_last_administrator(request.user) else ""


@never_cache
@require_safe
def show_account_deleted(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("conversations:new")
    return render(request, "accounts/erasure/deleted.html")
