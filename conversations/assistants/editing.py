"""The form of an assistant, with that of its parameters below: one page for making and changing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from chatsite.accounts.access import SignedInRequest
from chatsite.accounts.models import User
from conversations.assistants.content import AssistantContent
from conversations.assistants.forms import AssistantForm
from conversations.assistants.pictures import make_picture
from conversations.assistants.services import PictureChange, get_latest
from conversations.assistants.transfer import ImportedAssistant
from conversations.instructions.variables import DESCRIPTIONS
from conversations.models import Assistant
from conversations.parameters.effective import Source, resolve
from conversations.parameters.forms import ParametersForm
from conversations.parameters.models import ParameterPolicy
from conversations.parameters.rows import make_row
from conversations.views.context import make_sidebar_context

TEMPLATE = "conversations/assistants/form.html"


@dataclass(frozen=True)
class AssistantForms:
    """`assistant`: None for a new one."""

    form: AssistantForm
    parameters: ParametersForm
    assistant: Assistant | None = None

    def are_valid(self) -> bool:
        # Both are asked, so that all that is wrong is said at once.
        return all([self.form.is_valid(), self.parameters.is_valid()])

    @property
    def content(self) -> AssistantContent:
        return self.form.to_content(self.parameters.values)

    def read_picture(self, user: User) -> PictureChange | None:
        """Return what becomes of the picture. Raises UnusablePictureError."""
        if sent := self.form.cleaned_data.get("picture"):
            return make_picture(user.pk, sent.read())
        return PictureChange(b"") if self.form.cleaned_data.get("remove_picture") else None


def make_forms(request: SignedInRequest, assistant: Assistant | None = None) -> AssistantForms:
    content = AssistantContent.of_version(get_latest(assistant)) if assistant else None
    is_sent = request.method == "POST"
    return AssistantForms(
        AssistantForm(
            request.POST if is_sent else None,
            request.FILES if is_sent else None,
            user=request.user,
            content=content,
            has_picture=bool(getattr(assistant, "picture_digest", None)),
        ),
        make_parameters_form(request, request.POST if is_sent else None, content),
        assistant,
    )


def make_imported_forms(request: SignedInRequest, imported: ImportedAssistant) -> AssistantForms:
    """As if what the file has had been typed, and its picture uploaded."""
    fields = imported.fields
    picture = imported.picture
    files = {"picture": SimpleUploadedFile("picture.webp", picture)} if picture else {}
    form = AssistantForm(fields, files, user=request.user)
    # A model that isn't offered here is left to the default.
    if "model" in form.fields and fields["model"] not in dict(form.fields["model"].choices):  # type: ignore[attr-defined]
        form = AssistantForm({**fields, "model": ""}, files, user=request.user)
    return AssistantForms(form, make_parameters_form(request, fields, None))


def make_parameters_form(
    request: SignedInRequest, data: Mapping[str, Any] | None, content: AssistantContent | None
) -> ParametersForm:
    return ParametersForm(
        data,
        values=content.parameters if content else {},
        policy=ParameterPolicy.current(),
        user_id=request.user.pk,
    )


def show_forms(
    request: SignedInRequest, forms: AssistantForms, status: int | None = None
) -> HttpResponse:
    parameters = forms.parameters
    values = parameters.initial_values
    if parameters.is_bound:
        parameters.is_valid()
        values = parameters.values
    is_wrong = bool(forms.form.errors or parameters.errors)
    rows = [
        make_row(parameters, each)
        for each in resolve([(Source.ASSISTANT, values)], parameters.policy)
    ]
    assistant = forms.assistant
    edit_url = reverse("conversations:edit_assistant", args=[assistant.pk]) if assistant else ""
    context = {
        "form": forms.form,
        "assistant": forms.assistant,
        "rows": rows,
        "has_parameters": bool(values or parameters.errors),
        "variables": DESCRIPTIONS.items(),
        "posts_to": edit_url if assistant else reverse("conversations:new_assistant"),
        "back": assistant.get_absolute_url() if assistant else reverse("conversations:assistants"),
    }
    context |= make_sidebar_context(request)
    return render(request, TEMPLATE, context, status=status or (422 if is_wrong else 200))
