"""The list of one's prompts and of those that are shared, and making, changing, copying and
deleting one; saving a message as one.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.errors import UserFacingError
from chatsite.core.pagination import InvalidCursorError
from conversations import queries as conversation_queries
from conversations.prompt_library import queries, services
from conversations.prompt_library.forms import PromptForm
from conversations.prompt_library.models import TEXT_LENGTH, SavedPrompt
from conversations.prompt_library.variables import Template, parse
from conversations.views.context import make_sidebar_context
from conversations.views.conversations import Toast, answer_change
from conversations.views.folders import ask, go_to

PAGE = "conversations/prompts/list.html"
FORM = "conversations/prompts/_prompt_form.html"
DELETION = "conversations/prompts/_prompt_deletion.html"
SHARED = "shared"
# Of a text that the list shows instead of a description.
SHOWN = 200


@dataclass(frozen=True)
class Row:
    """A prompt in the list."""

    prompt: SavedPrompt
    sentence: str
    audience: str
    is_editable: bool


@never_cache
@require_safe
@signed_in
@vary_on_headers("HX-Request", "HX-Boosted")
def show_prompts(request: SignedInRequest) -> HttpResponse:
    """One's own, or those that are shared; with `q` those that have these words."""
    is_shared = request.GET.get("of") == SHARED
    words = request.GET.get("q", "").strip()
    shared = queries.list_shared(request.user)
    prompts = shared if is_shared else queries.list_own(request.user)
    found = queries.search(prompts, words).prefetch_related("groups")
    try:
        page = queries.read_page(found, request.GET)
    except InvalidCursorError:
        raise Http404 from None
    may_share = queries.may_share(request.user)
    context: dict[str, Any] = {
        "page": page,
        "rows": [
            make_row(prompt, may_share=may_share, is_own=not is_shared) for prompt in page.rows
        ],
        "is_shared": is_shared,
        "has_shared": is_shared or shared.exists(),
        "words": words,
    }
    if request.htmx.boosted:
        return render(request, f"{PAGE}#main", context)
    return render(request, PAGE, context | make_sidebar_context(request))


def make_row(prompt: SavedPrompt, *, may_share: bool, is_own: bool) -> Row:
    groups = [group.name for group in prompt.groups.all()]
    audience = _("For everybody") if prompt.is_for_all else ""
    if groups and not audience:
        audience = _("For %(groups)s") % {"groups": ", ".join(sorted(groups))}
    return Row(
        prompt=prompt,
        sentence=prompt.description or " ".join(prompt.text[:SHOWN].split()),
        # Whom else it is for is administrators' and its owner's to know.
        audience=audience if may_share or is_own else "",
        is_editable=may_share or (is_own and not audience),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_creation(request: SignedInRequest) -> HttpResponse:
    form = PromptForm(request.user, request.POST if request.method == "POST" else None)
    prompt = create(request, form)
    if prompt is None:
        return show_form(request, form, _("New prompt"))
    return answer_saved(request, prompt)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_edit(request: SignedInRequest, prompt_id: int) -> HttpResponse:
    prompt = queries.get_editable(request.user, prompt_id)
    data = request.POST if request.method == "POST" else None
    form = PromptForm(request.user, data, prompt=prompt)
    if not form.is_valid():
        return show_form(request, form, _("Edit this prompt"))
    try:
        prompt = services.edit_prompt(
            user=request.user, prompt_id=prompt_id, content=form.content, audience=form.audience
        )
    except UserFacingError as error:
        form.refuse(error)
        return show_form(request, form, _("Edit this prompt"))
    return answer_saved(request, prompt)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_saving(
    request: SignedInRequest, conversation_id: uuid.UUID, message_id: int
) -> HttpResponse:
    """Saves the text of a message as a prompt, once it has a name."""
    message = conversation_queries.get_message(request.user, conversation_id, message_id)
    initial = {"text": message.text[:TEXT_LENGTH]}
    data = request.POST if request.method == "POST" else None
    form = PromptForm(request.user, data, initial=initial)
    prompt = create(request, form)
    back = f"{message.conversation.get_absolute_url()}#m{message.pk}"
    if prompt is None:
        is_cut = len(message.text) > TEXT_LENGTH
        return show_form(request, form, _("Save as prompt"), back=back, is_cut=is_cut)
    saved = _("The prompt was saved. Type “/%(name)s” to use it.") % {"name": prompt.name}
    if request.htmx:
        return answer_change(request, message.conversation, Toast(saved))
    messages.success(request, saved)
    return redirect(back)


def create(request: SignedInRequest, form: PromptForm) -> SavedPrompt | None:
    """The prompt of a form; None where it has to be shown, and says what is wrong."""
    if not form.is_valid():
        return None
    try:
        return services.create_prompt(
            owner=request.user, content=form.content, audience=form.audience
        )
    except UserFacingError as error:
        form.refuse(error)
        return None


def answer_saved(request: SignedInRequest, prompt: SavedPrompt) -> HttpResponse:
    messages.success(request, _("The prompt “%(name)s” was saved.") % {"name": prompt.name})
    return go_to(request, list_url(request, prompt))


def list_url(request: SignedInRequest, prompt: SavedPrompt) -> str:
    """The list that a prompt is in."""
    url = reverse("conversations:prompts")
    return url if prompt.owner_id == request.user.pk else f"{url}?of={SHARED}"


@never_cache
@require_POST
@signed_in
def check_text(request: SignedInRequest) -> HttpResponse:
    """What is said of a text's variables while it is typed."""
    text = request.POST.get("text", "")[:TEXT_LENGTH]
    return render(request, f"{FORM}#variables", {"template": parse(text)})


@never_cache
@require_POST
@signed_in
def handle_duplication(request: SignedInRequest, prompt_id: int) -> HttpResponse:
    """Copies it into one's own, and opens the copy."""
    try:
        copy = services.duplicate_prompt(user=request.user, prompt_id=prompt_id)
    except services.TooManyPromptsError as error:
        messages.error(request, error.sentence)
        return go_to(request, reverse("conversations:prompts"))
    messages.success(request, _("The copy is called “%(name)s”.") % {"name": copy.name})
    return go_to(request, reverse("conversations:edit_prompt", args=[copy.pk]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_deletion(request: SignedInRequest, prompt_id: int) -> HttpResponse:
    """Asks first."""
    prompt = queries.get_editable(request.user, prompt_id)
    url = list_url(request, prompt)
    if request.method != "POST":
        asked = {
            "prompt": prompt,
            "is_shared": prompt.is_shared,
            "back": url,
            "page_heading": _("Prompts"),
        }
        return ask(request, DELETION, asked)
    name = services.delete_prompt(user=request.user, prompt_id=prompt_id)
    messages.success(request, _("The prompt “%(name)s” was deleted.") % {"name": name})
    return go_to(request, url)


def show_form(
    request: SignedInRequest,
    form: PromptForm,
    heading: str,
    *,
    back: str = "",
    is_cut: bool = False,
) -> HttpResponse:
    """`is_cut`: a message is longer than a prompt may be."""
    template: Template = parse(str(form["text"].value() or "")[:TEXT_LENGTH])
    context = {
        "prompt_form": form,
        "heading": heading,
        "template": template,
        "is_cut": is_cut,
        "text_length": TEXT_LENGTH,
        "back": back or reverse("conversations:prompts"),
        "page_heading": _("Prompts"),
        "is_dialog": bool(request.htmx),
    }
    status = 422 if form.errors else 200
    if request.htmx and form.errors:
        return render(request, FORM, context, status=status)
    return ask(request, FORM, context, status)
