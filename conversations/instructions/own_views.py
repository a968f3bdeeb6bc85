"""The page of one's own instructions, among those about one's account."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chatsite.accounts.access import SignedInRequest, signed_in
from conversations.instructions import composing, services
from conversations.instructions.forms import OwnInstructionsForm
from conversations.instructions.models import OWN_LENGTH
from conversations.instructions.parts import PromptParts


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handle_own_instructions(request: SignedInRequest) -> HttpResponse:
    user = request.user
    data = request.POST if request.method == "POST" else None
    form = OwnInstructionsForm(data, instance=composing.read_own(user))
    if form.is_valid():
        services.save_own_instructions(user, form.instance)
        messages.success(request, _("Your instructions are saved. They hold in new chats."))
        return redirect("my_instructions")
    context = {
        "form": form,
        "texts": [form["about_me"], form["how_to_reply"]],
        "length": OWN_LENGTH,
        "preamble": composing.hold_preamble(PromptParts(), user).preamble,
    }
    return render(
        request, "conversations/instructions/own.html", context, status=422 if form.errors else 200
    )
