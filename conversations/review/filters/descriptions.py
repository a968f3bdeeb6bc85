"""Says in words which filters are on."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.utils.formats import date_format

from conversations.review.filters.choices import Pairs
from conversations.review.filters.filters import Filters
from conversations.review.filters.forms import ConversationFilterForm
from conversations.review.identities import Identities


def describe_filters(filters: Filters, identities: Identities) -> Iterator[tuple[str, str]]:
    """Yield the name of each filter that is on, and what it says."""
    form = cast(ConversationFilterForm, filters.form)
    for name in filters.chosen:
        if name == "sort":
            continue
        field, value = form.fields[name], form.cleaned_data[name]
        words = identities.name(value) if name == "user" else describe_value(field, value)
        yield name, f"{field.label}: {words}" if words else str(field.label)


def describe_value(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return ""
    if isinstance(field, forms.ChoiceField):
        return str(dict(cast(Pairs, list(cast(Any, field.choices))))[value])
    if isinstance(field, forms.DateField):
        return date_format(value, "j F Y")
    if isinstance(field, forms.IntegerField):
        return f"{value:,}"
    return f"“{value}”"
