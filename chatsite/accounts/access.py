"""Who may call a view."""

import functools
from collections.abc import Callable
from typing import Concatenate, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.http import urlencode
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.models import User
from chatsite.core.http import HtmxRequest, safe_local_path, sent_text


class SignedInRequest(HtmxRequest):
    """A request whose user is known: what `signed_in` lets through."""

    user: User


def signed_in[**P](
    view: Callable[Concatenate[SignedInRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HtmxRequest, P], HttpResponseBase]:
    """Sends everybody else to sign in and back.

    A request of htmx takes the whole page there, not a part of it. A message that a browser without
    scripts has sent is shown, to be copied: with scripts its draft is kept.
    """

    def wrapper(request: HtmxRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(cast(SignedInRequest, request), *args, **kwargs)
        if request.htmx:
            query = urlencode({"next": find_current_page(request)})
            return HttpResponse(
                headers={"HX-Redirect": f"{resolve_url(settings.LOGIN_URL)}?{query}"}
            )
        if text := sent_text(request):
            return render(request, "signed_out.html", {"text": text}, status=403)
        # A form can't be sent again after signing in: the page it was on is where to go on.
        page = request.get_full_path() if request.method == "GET" else "/"
        return redirect_to_login(page)

    functools.update_wrapper(wrapper, view)
    return vary_on_headers("HX-Request")(wrapper)


def find_current_page(request: HttpRequest) -> str:
    """The path of the page that a request of htmx came from; "/" where that makes no sense."""
    return safe_local_path(request.headers.get("HX-Current-URL", ""))
