"""Parameters in the administration: one form, with the default of each, its bounds, and whether it
may be changed.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from conversations.models import ParameterPolicy
from conversations.parameters.definitions import (
    DEFINITIONS,
    FORMATS,
    JSON_OBJECT,
    TEXT,
    Definition,
    Kind,
    Value,
)
from conversations.parameters.forms import NumberField, WordsField, list_initial
from conversations.parameters.models import Rule
from conversations.parameters.wording import describe_default, describe_range


def name_fields(definition: Definition) -> list[str]:
    bounds = ["least", "most"] if definition.is_number else []
    return [f"{definition.name}_{part}" for part in ("is_changeable", "default", *bounds)]


def make_fields(definition: Definition) -> dict[str, forms.Field]:
    rule = Rule(None, definition.least, definition.most)
    match definition.kind:
        case Kind.DECIMAL | Kind.WHOLE:
            default: forms.Field = NumberField(definition, rule)
        case Kind.WORDS:
            default = WordsField(definition)
        case Kind.FORMAT:
            choices = [("", FORMATS[TEXT]), (JSON_OBJECT, FORMATS[JSON_OBJECT])]
            default = forms.ChoiceField(choices=choices, required=False)
    made: list[tuple[forms.Field, Any]] = [
        (forms.BooleanField(required=False, initial=True), _("Users may change it")),
        (default, pgettext_lazy("parameter", "Default")),
    ]
    if definition.is_number:
        made += [
            (NumberField(definition, rule), pgettext_lazy("parameter", "Least")),
            (NumberField(definition, rule), pgettext_lazy("parameter", "Most")),
        ]
    for field, label in made:
        field.label = label
    return dict(zip(name_fields(definition), (field for field, _label in made), strict=True))


class BasePolicyForm(forms.ModelForm[ParameterPolicy]):
    """Empty fields are the API's."""

    class Meta:
        model = ParameterPolicy
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for definition in DEFINITIONS:
            self._fill(definition, self.instance.rules.get(definition.name, {}))

    def _fill(self, definition: Definition, found: Mapping[str, Any]) -> None:
        name = definition.name
        self.initial[f"{name}_is_changeable"] = not found.get("is_fixed", False)
        default = list_initial({name: found.get("default")}).get(name, "")
        self.initial[f"{name}_default"] = default
        for bound in ("least", "most"):
            if definition.is_number:
                self.initial[f"{name}_{bound}"] = found.get(bound, "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for definition in DEFINITIONS:
            if definition.is_number:
                self._check_bounds(definition, data)
        return data

    def _check_bounds(self, definition: Definition, data: Mapping[str, Any]) -> None:
        name = definition.name
        least = data.get(f"{name}_least")
        most = data.get(f"{name}_most")
        if least is not None and most is not None and least > most:
            self.add_error(f"{name}_most", gettext("This is less than the least."))
            return
        default = data.get(f"{name}_default")
        is_below = default is not None and least is not None and default < least
        is_above = default is not None and most is not None and default > most
        if is_below or is_above:
            self.add_error(f"{name}_default", gettext("This is beyond the bounds."))

    def make_rules(self) -> dict[str, Any]:
        """Return what is otherwise than at the API."""
        made = {}
        for definition in DEFINITIONS:
            values = {
                part: value
                for part in ("default", "least", "most")
                if (value := self._read(definition, part)) is not None
            }
            if not self.cleaned_data.get(f"{definition.name}_is_changeable"):
                values["is_fixed"] = True
            if values:
                made[definition.name] = values
        return made

    def _read(self, definition: Definition, part: str) -> Value | bool | None:
        value: Any = self.cleaned_data.get(f"{definition.name}_{part}")
        if value in (None, ""):
            return None
        if definition.kind is Kind.FORMAT:
            return {"type": value}
        if part != "default" and Decimal(str(value)) == getattr(definition, part):
            return None
        kept: Value = value
        return kept

    def save(self, commit: bool = True) -> ParameterPolicy:
        self.instance.rules = self.make_rules()
        saved: ParameterPolicy = super().save(commit)
        return saved


PolicyForm = type(
    "PolicyForm",
    (BasePolicyForm,),
    {name: field for each in DEFINITIONS for name, field in make_fields(each).items()},
)


def describe(definition: Definition) -> Any:
    rule = Rule(None, definition.least, definition.most)
    return format_lazy(
        "{sentence} {range} {default}.",
        sentence=definition.sentence,
        range=describe_range(definition, rule),
        default=describe_default(definition, rule),
    )


@admin.register(ParameterPolicy)
class ParameterPolicyAdmin(admin.ModelAdmin[ParameterPolicy]):
    form = PolicyForm

    def get_fieldsets(self, request: HttpRequest, obj: ParameterPolicy | None = None) -> Any:
        return [
            (each.label, {"fields": [name_fields(each)], "description": describe(each)})
            for each in DEFINITIONS
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: ParameterPolicy | None = None
    ) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
        return redirect("admin:conversations_parameterpolicy_change", 1)

    def get_object(self, request: HttpRequest, object_id: str, *_: Any) -> ParameterPolicy | None:
        return ParameterPolicy.objects.get_or_create(pk=1)[0] if object_id == "1" else None
