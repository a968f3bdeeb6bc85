"""What is searched for, and where, as the page's URL says it."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import Message
from conversations.review.identities import Identities
from conversations.search.terms import terms_of

QUERY_LENGTH = 500
# Far enough from the ends of the calendar for time zones.
FIRST, LAST = date(1970, 1, 1), date(9000, 1, 1)


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
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: object, identities: Identities) -> None:
        self.identities = identities
        super().__init__(data, auto_id="search-%s", label_suffix="")  # type: ignore[arg-type]

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if not terms_of(text):
            raise forms.ValidationError(self.fields["q"].error_messages["required"])
        return text

    def clean_user(self) -> str:
        """A pseudonym."""
        name: str = self.cleaned_data["user"]
        if not name:
            return ""
        person = self.identities.person(name)
        if person is None:
            raise forms.ValidationError(
                _("There is no user of that name.")
                if self.identities.are_shown
                else _("That is no pseudonym: they have eight letters and digits.")
            )
        return person

    def clean_since(self) -> datetime | None:
        """Where the day begins, in the reader's time zone."""
        day: date | None = self.cleaned_data["since"]
        return beginning_of(day) if day else None

    def clean_until(self) -> datetime | None:
        """Where the day ends."""
        day: date | None = self.cleaned_data["until"]
        return beginning_of(min(day, LAST) + timedelta(days=1)) if day else None


def beginning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(min(max(day, FIRST), LAST), time.min))
