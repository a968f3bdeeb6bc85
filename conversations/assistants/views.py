"""The pages of assistants: all of them, one of them, and the forms in which they are made, changed
and shared.
"""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.accounts.policy.starters import parse_starters
from chatsite.core.errors import UserFacingError
from chatsite.core.file_names import file_name
from chatsite.core.pagination import InvalidCursorError
from chatsite.server.body_middleware import accepts_body
from conversations.assistants import queries, services, sharing, transfer
from conversations.assistants.content import AssistantContent
from conversations.assistants.editing import (
    AssistantForms,
    make_forms,
    make_imported_forms,
    show_forms,
)
from conversations.assistants.forms import SharingForm
from conversations.assistants.pictures import MOST_UPLOADED, UnusablePictureError
from conversations.attachments.responses import CSP, MAX_AGE
from conversations.model_catalog.catalog import find_model
from conversations.models import Assistant, AssistantPicture, AssistantVersion
from conversations.parameters.wording import describe_own
from conversations.views.context import make_sidebar_context
from conversations.views.folders import ask, ask_again, go_to

FOLDER = "conversations/assistants"
# What a form has beside its picture.
FORM_SIZE = 1024 * 1024


def measure_form(request: HttpRequest) -> int:
    return MOST_UPLOADED + FORM_SIZE if request.content_type == "multipart/form-data" else 0


@never_cache
@require_safe
@signed_in
@vary_on_headers("HX-Request", "HX-Boosted")
def show_assistants(request: SignedInRequest) -> HttpResponse:
    """Those that one may use; with `q`, those that are found."""
    words = request.GET.get("q", "")[:200]
    found = list(queries.search(queries.list_visible(request.user), words))
    context = {
        "own": [each for each in found if each.owner_id == request.user.pk],
        "shared": [each for each in found if each.owner_id != request.user.pk],
        "words": words,
    }
    if request.htmx and not request.htmx.boosted:
        return render(request, f"{FOLDER}/list.html#found", context)
    return render_page(request, f"{FOLDER}/list.html", context)


def render_page(
    request: SignedInRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The whole page, or its main column for a page that has the list already."""
    if request.htmx:
        return render(request, f"{template}#main", context, status=status)
    context |= make_sidebar_context(request)
    return render(request, template, context, status=status)


@never_cache
@require_safe
@signed_in
@vary_on_headers("HX-Request", "HX-Boosted")
def show_assistant(request: SignedInRequest, assistant_id: uuid.UUID) -> HttpResponse:
    """What it is like, and one's conversations with it, which stay when it is gone."""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    assistant, is_visible = queries.get_known(request.user, assistant_id)
    try:
        # Pages are turned by time: what is older comes after in the list.
        listed = queries.list_conversations_with(
            request.user, assistant, after=before, before=after
        )
    except InvalidCursorError:
        raise Http404 from None
    context = {"assistant": assistant, "listed": listed}
    if request.htmx and not request.htmx.boosted:
        return render(request, "conversations/_listed.html", context | {"is_of_assistant": True})
    if is_visible:
        context |= describe_assistant(request, assistant)
    return render_page(request, f"{FOLDER}/assistant.html", context)


def describe_assistant(request: SignedInRequest, assistant: Assistant) -> dict[str, Any]:
    latest = services.get_latest(assistant)
    return {
        "is_editable": queries.is_editable(request.user, assistant),
        "may_share": queries.may_share(request.user),
        "is_usable": queries.find_usable(request.user, assistant.pk) is not None,
        "is_shared": queries.is_shared(assistant),
        "versions": queries.list_versions(request.user, assistant),
        "link": request.build_absolute_uri(make_link(assistant)),
        "starters": parse_starters(latest.starters),
        "facts": list_facts(latest),
    }


def list_facts(version: AssistantVersion) -> list[tuple[str, str]]:
    """Return its model and its parameters, as labels and words."""
    model = [(_("Model"), find_model(version.model).label)] if version.model else []
    return model + describe_own(version.parameters)


def make_link(assistant: Assistant) -> str:
    return f"{reverse('conversations:new')}?assistant={assistant.pk}"


@accepts_body(measure_form)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handle_creation(request: SignedInRequest) -> HttpResponse:
    forms = make_forms(request)
    if request.method != "POST" or not forms.are_valid():
        return show_forms(request, forms)
    return save(request, forms)


@accepts_body(measure_form)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handle_edit(request: SignedInRequest, assistant_id: uuid.UUID) -> HttpResponse:
    assistant = queries.get_editable(request.user, assistant_id)
    forms = make_forms(request, assistant)
    if request.method != "POST" or not forms.are_valid():
        return show_forms(request, forms)
    return save(request, forms)


def save(request: SignedInRequest, forms: AssistantForms) -> HttpResponse:
    """Raises nothing that was typed away: what is refused is said in the form."""
    try:
        picture = forms.read_picture(request.user)
        if forms.assistant is None:
            saved = services.create_assistant(
                owner=request.user, content=forms.content, picture=picture
            )
        else:
            saved = services.edit_assistant(
                user=request.user,
                assistant_id=forms.assistant.pk,
                content=forms.content,
                picture=picture,
            )
    except UnusablePictureError as error:
        forms.form.add_error("picture", error.sentence)
        return show_forms(request, forms)
    except UserFacingError as error:
        forms.form.add_error(None, error.sentence)
        return show_forms(request, forms, error.status)
    messages.success(request, _("The assistant was saved."))
    return redirect(saved)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_import(request: SignedInRequest) -> HttpResponse:
    """Makes one of an exported file; where something is wrong in it, in the form to be mended."""
    asked = {"back": reverse("conversations:assistants")}
    if request.method != "POST":
        return ask(request, f"{FOLDER}/_import_form.html", asked)
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise transfer.UnreadableAssistantError(_("Choose a file first."))
        imported = transfer.read_assistant(sent.read(transfer.MOST_BYTES + 1))
    except UserFacingError as error:
        return ask_again(request, f"{FOLDER}/_import_form.html", asked, error)
    forms = make_imported_forms(request, imported)
    if forms.are_valid():
        return save(request, forms)
    if imported.picture:
        # A form can show what a file has, and not its picture.
        forms.form.add_error("picture", _("The file’s picture isn’t kept here: choose it again."))
    return show_forms(request, forms)


@never_cache
@require_safe
@signed_in
def export_assistant(request: SignedInRequest, assistant_id: uuid.UUID) -> HttpResponse:
    assistant = queries.get_visible(request.user, assistant_id)
    content = AssistantContent.of_version(services.get_latest(assistant))
    picture = AssistantPicture.objects.filter(pk=assistant.pk).first()
    exported = transfer.write_assistant(content, bytes(picture.content) if picture else b"")
    response = HttpResponse(exported, content_type="application/json")
    name = f"{file_name(content.name) or 'assistant'}.json"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@never_cache
@require_POST
@signed_in
def handle_duplicate(request: SignedInRequest, assistant_id: uuid.UUID) -> HttpResponse:
    try:
        made = services.duplicate_assistant(user=request.user, assistant_id=assistant_id)
    except services.TooManyAssistantsError as error:
        messages.error(request, error.sentence)
        return redirect("conversations:assistant", assistant_id)
    return redirect("conversations:edit_assistant", made.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_removal(request: SignedInRequest, assistant_id: uuid.UUID) -> HttpResponse:
    assistant = queries.get_editable(request.user, assistant_id)
    if request.method != "POST":
        asked = {"assistant": assistant, "back": assistant.get_absolute_url()}
        return ask(request, f"{FOLDER}/_removal.html", asked)
    name = services.remove_assistant(user=request.user, assistant_id=assistant.pk)
    messages.success(request, _("The assistant “%(name)s” was removed.") % {"name": name})
    return go_to(request, reverse("conversations:assistants"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_sharing(request: SignedInRequest, assistant_id: uuid.UUID) -> HttpResponse:
    if not queries.may_share(request.user):
        raise Http404
    assistant = queries.get_editable(request.user, assistant_id)
    initial = {
        "is_for_all": assistant.is_for_all,
        "groups": assistant.groups.all(),
        "is_site_default": assistant.is_site_default,
        "default_groups": assistant.default_groups.all(),
    }
    form = SharingForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        asked = {"assistant": assistant, "sharing": form, "back": assistant.get_absolute_url()}
        status = 422 if form.errors else 200
        return ask(request, f"{FOLDER}/_sharing_form.html", asked, status)
    sharing.share_assistant(user=request.user, assistant_id=assistant.pk, **form.cleaned_data)
    messages.success(request, _("For whom this assistant is was saved."))
    # Somebody else's that was shared is theirs alone now, and no page for an administrator.
    is_visible = queries.list_visible(request.user).filter(pk=assistant.pk).exists()
    url = assistant.get_absolute_url() if is_visible else reverse("conversations:assistants")
    return go_to(request, url)


@require_safe
@signed_in
def show_picture(request: SignedInRequest, assistant_id: uuid.UUID, digest: str) -> HttpResponse:
    assistant = queries.get_visible(request.user, assistant_id)
    picture = get_object_or_404(AssistantPicture, pk=assistant.pk, digest=digest)
    response = HttpResponse(bytes(picture.content), content_type="image/webp")
    response["Content-Security-Policy"] = CSP
    patch_cache_control(response, private=True, max_age=MAX_AGE, immutable=True)
    return response
