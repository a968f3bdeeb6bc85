"""What is searched for, and where, as the page's URL says it."""

from datetime import date, datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from chatsite.core.fields import DayField, beginning_of_day, end_of_day
from conversations.models import Message
from conversations.review.identities import Identities
from conversations.search.terms import parse_terms

QUERY_LENGTH = 500


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Text"),
        max_length=QUERY_LENGTH,
        widget=forms.TextInput(
            {"type": "search", "autocomplete": "off", "spellcheck": "false", "autofocus": True}
        ),
        error_messages={
            "required": _("Type a word, a part of one or a “phrase in quotation marks”."),
            "max_length": _("Search for at most %(limit_value)d characters. Shorten it."),
        },
    )
    user = forms.CharField(
        label=_("User"), required=False, max_length=150, widget=forms.TextInput({"size": 14})
    )
    role = forms.ChoiceField(
        label=_("Written by"), required=False, choices=[("", _("Anybody")), *Message.Role.choices]
    )
    since = DayField(label=_("From"))
    until = DayField(label=_("Until"))

    def __init__(self, data: object, identities: Identities) -> None:
        self.identities = identities
        super().__init__(data, auto_id="search-%s", label_suffix="")  # type: ignore[arg-type]

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if not parse_terms(text):
            raise forms.ValidationError(self.fields["q"].error_messages["required"])
        return text

    def clean_user(self) -> str:
        return self.identities.require_pseudonym(self.cleaned_data["user"])

    def clean_since(self) -> datetime | None:
        day: date | None = self.cleaned_data["since"]
        return beginning_of_day(day) if day else None

    def clean_until(self) -> datetime | None:
        day: date | None = self.cleaned_data["until"]
        return end_of_day(day) if day else None
