"""The parameters of a new chat: the same form as a conversation's. What is saved is put into the
form of the chat's first message.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.errors import UserFacingError
from conversations.models import Conversation
from conversations.parameters.views import answer_check, make_form, show_form
from conversations.services.beginnings import begin_conversation
from conversations.views.context import CHANGED, make_new_parameters, make_page_context
from conversations.views.forms import read_choices


@never_cache
@require_POST
@signed_in
@vary_on_headers("HX-Request")
def handle_new_parameters(request: SignedInRequest) -> HttpResponse:
    """With `open`, the form with what the chat carries; else what it is to carry. A POST, since a
    schema is too long for an address.
    """
    draft = make_draft(request)
    form = make_form(request, draft, is_opened="open" in request.POST)
    if not form.is_bound or "reset" in request.POST or not form.is_valid():
        return show_form(request, draft, form, is_new=True)
    context: dict[str, Any] = {"new_parameters": make_new_parameters(form.values)}
    if not request.htmx:
        page = make_page_context(request, None) | context
        return render(request, "conversations/detail.html", page)
    response = render(request, "conversations/_new_parameters.html", context | {"is_swapped": True})
    # Closes the dialog.
    response["HX-Trigger"] = CHANGED
    return response


@never_cache
@require_POST
@signed_in
def check_new_parameter(request: SignedInRequest) -> HttpResponse:
    """What is said below one field, while somebody types."""
    return answer_check(request, make_draft(request))


def make_draft(request: SignedInRequest) -> Conversation:
    """Return the conversation as it would begin; what can't be had of it is said when it does."""
    try:
        return begin_conversation(request.user, read_choices(request))
    except UserFacingError:
        return Conversation(owner=request.user)
