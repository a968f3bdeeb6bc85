"""Using a prompt: what "/" offers in the composer, and the form of a prompt's variables.

The text goes into the composer and is never sent from here. Without scripts, that of a new chat
has it.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.access import SignedInRequest, signed_in
from conversations.prompt_library import queries
from conversations.prompt_library.forms import VariablesForm
from conversations.prompt_library.models import SavedPrompt
from conversations.prompt_library.variables import (
    MOST_CHARACTERS,
    TooLongError,
    fill,
    fill_today,
    parse,
)
from conversations.views.context import make_page_context
from conversations.views.folders import ask

FORM = "conversations/prompts/_variables_form.html"
# A text up to here comes with the list, a longer one when it is taken.
SHORT = 2_000
# Of a text that a list shows instead of a description.
SHOWN = 120


@dataclass(frozen=True)
class Suggestion:
    """A prompt as "/" offers it; `insert` is None where it is asked for once it is taken."""

    prompt: SavedPrompt
    sentence: str
    is_own: bool
    insert: str | None


@never_cache
@require_safe
@signed_in
def suggest_prompts(request: SignedInRequest) -> HttpResponse:
    """The list that opens below "/", as one types a name."""
    typed = request.GET.get("q", "")
    context = {
        "suggestions": [
            make_suggestion(request, prompt) for prompt in queries.suggest(request.user, typed)
        ],
        "is_beginning": not typed,
    }
    return render(request, "conversations/prompts/_suggestions.html", context)


def make_suggestion(request: SignedInRequest, prompt: SavedPrompt) -> Suggestion:
    insert = None
    if len(prompt.text) <= SHORT:
        template = parse(prompt.text)
        if not template.asked:
            insert = fill(template, fill_today(template, timezone.localdate()))
    return Suggestion(
        prompt=prompt,
        sentence=prompt.description or " ".join(prompt.text[:SHOWN].split()),
        is_own=prompt.owner_id == request.user.pk,
        insert=insert,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_use(request: SignedInRequest, prompt_id: int) -> HttpResponse:
    """Asks for the variables, if there are any, and brings the text."""
    prompt = queries.get_usable(request.user, prompt_id)
    template = parse(prompt.text)
    form = VariablesForm(template, request.POST if request.method == "POST" else None)
    values = fill_today(template, timezone.localdate())
    if template.asked and not form.is_valid():
        return ask_for_values(request, prompt, form)
    if template.asked:
        values |= form.values
    try:
        text = fill(template, values)
    except TooLongError:
        sentence = _("The text would be longer than %(count)s characters. Shorten what you typed.")
        form.add_error(None, sentence % {"count": f"{MOST_CHARACTERS:,}"})
        return ask_for_values(request, prompt, form)
    if request.htmx:
        return render(request, f"{FORM}#text", {"text": text})
    # A page, and no redirect to one: the text is nowhere kept until it is sent.
    context = make_page_context(request, None) | {"draft": text}
    return render(request, "conversations/detail.html", context)


def ask_for_values(
    request: SignedInRequest, prompt: SavedPrompt, form: VariablesForm
) -> HttpResponse:
    context: dict[str, Any] = {
        "prompt": prompt,
        "variables": form,
        "back": reverse("conversations:prompts"),
        "page_heading": _("Prompts"),
    }
    status = 422 if form.errors else 200
    if request.htmx and form.errors:
        return render(request, FORM, context | {"is_dialog": True}, status=status)
    return ask(request, FORM, context, status)
