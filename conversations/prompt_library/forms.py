"""The forms of a prompt: what it is, and what its variables are."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from chatsite.core.visible import has_visible, to_visible_line
from conversations.form_fields import PlainTextField
from conversations.prompt_library import queries
from conversations.prompt_library.models import (
    DESCRIPTION_LENGTH,
    NAME_LENGTH,
    TEXT_LENGTH,
    SavedPrompt,
)
from conversations.prompt_library.names import make_name
from conversations.prompt_library.services import AudienceChoice, PromptContent
from conversations.prompt_library.variables import Kind, Template, Variable

LINE_LENGTH = 2_000
VALUE_LENGTH = 50_000


class PromptForm(forms.Form):
    """What a prompt is, and for administrators whom it is for."""

    def __init__(
        self,
        user: User,
        data: Mapping[str, Any] | None = None,
        *,
        prompt: SavedPrompt | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self._may_share = queries.may_share(user)
        super().__init__(data, initial=dict(initial or {}), auto_id="prompt-%s")
        self.fields["name"] = make_name_field()
        self.fields["description"] = forms.CharField(
            required=False,
            max_length=DESCRIPTION_LENGTH,
            label=_("Description"),
            widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
        )
        self.fields["text"] = PlainTextField(
            max_length=TEXT_LENGTH,
            strip=False,
            label=_("Text"),
            widget=forms.Textarea({"rows": 10, "dir": "auto"}),
            error_messages={"required": _("Write a text first.")},
        )
        if self._may_share:
            self.fields["is_for_all"] = forms.BooleanField(
                required=False, label=_("Share with everybody")
            )
            self.fields["groups"] = forms.ModelMultipleChoiceField(
                Group.objects.order_by("name"),
                required=False,
                label=_("Share with groups"),
                widget=forms.CheckboxSelectMultiple,
            )
        if prompt:
            self.initial.update(
                {
                    "name": prompt.name,
                    "description": prompt.description,
                    "text": prompt.text,
                }
            )
            if self._may_share:
                self.initial.update(
                    {"is_for_all": prompt.is_for_all, "groups": prompt.groups.all()}
                )

    @property
    def content(self) -> PromptContent:
        data = self.cleaned_data
        return PromptContent(data["name"], data["description"], data["text"])

    @property
    def audience(self) -> AudienceChoice | None:
        if not self._may_share:
            return None
        data = self.cleaned_data
        return AudienceChoice(data["is_for_all"], list(data["groups"]))

    def refuse(self, error: UserFacingError) -> None:
        """Says why what is right in itself can't be saved."""
        self.add_error("name" if error.status == 422 else None, error.sentence)

    def clean_name(self) -> str:
        name = make_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Write a name with letters or digits."))
        return name

    def clean_description(self) -> str:
        return to_visible_line(self.cleaned_data["description"])

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not has_visible(text):
            raise forms.ValidationError(_("Write a text first."))
        return text


def make_name_field() -> forms.CharField:
    attributes = {
        "dir": "auto",
        "autocomplete": "off",
        "autocapitalize": "off",
        "spellcheck": "false",
        "autofocus": True,
    }
    return forms.CharField(
        max_length=NAME_LENGTH,
        label=_("Name"),
        widget=forms.TextInput(attributes),
        help_text=_("Typed after the slash. Small letters, digits and hyphens."),
        error_messages={"required": _("Write a name first.")},
    )


class VariablesForm(forms.Form):
    """A field for each variable that is asked for, in their order."""

    def __init__(self, template: Template, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="variable-%s")
        self._template = template
        for variable in template.asked:
            self.fields[f"v-{variable.name}"] = make_field(variable)
        for number, (name, field) in enumerate(self.fields.items()):
            field.widget.attrs["id"] = f"variable-{number}"
            if number == 0 or (self.is_bound and name in self.errors):
                field.widget.attrs["autofocus"] = True

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by the variables' names."""
        found = {}
        for variable in self._template.asked:
            value = self.cleaned_data.get(f"v-{variable.name}")
            found[variable.name] = "" if value is None else str(value)
        return found


def make_field(variable: Variable) -> forms.Field:
    attributes: dict[str, Any] = {"autocomplete": "off"}
    options: dict[str, Any] = {
        "label": variable.label,
        "required": variable.is_required,
        "initial": variable.default or None,
    }
    if variable.is_clipboard or variable.kind is Kind.LONG_TEXT:
        attributes |= {"rows": 5, "dir": "auto", "placeholder": variable.placeholder or " "}
        if variable.is_clipboard:
            attributes["data-clipboard"] = True
            options["label"] = _("Clipboard")
            options["help_text"] = _("What you copied last. If it isn’t here yet, paste it.")
        widget: forms.Widget = forms.Textarea(attributes)
        return PlainTextField(max_length=VALUE_LENGTH, strip=False, widget=widget, **options)
    if variable.kind is Kind.CHOICE:
        choices = [(each, each) for each in variable.options]
        if not variable.default:
            choices.insert(0, ("", variable.placeholder or _("Choose…")))
        return forms.ChoiceField(choices=choices, **options)
    if variable.kind is Kind.DATE:
        return forms.DateField(widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **options)
    attributes |= {"type": variable.kind.value, "dir": "auto", "placeholder": variable.placeholder}
    if variable.kind is Kind.NUMBER:
        attributes["step"] = "any"
    return PlainTextField(max_length=LINE_LENGTH, widget=forms.TextInput(attributes), **options)
