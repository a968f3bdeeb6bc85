"""The filters of the access log, as its URL says them."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chatsite.core.fields import DayField, beginning_of_day
from conversations.review.identities import Identities
from conversations.review.models import AccessEntry, Disclosure

# Rows that are written at once may get their ids in another order than their times.
OUT_OF_ORDER = 1000


class AccessLogFilterForm(forms.Form):
    who = forms.CharField(label=_("Who"), required=False, max_length=150)
    whose = forms.CharField(label=_("Whose"), required=False, max_length=150)
    what = forms.ChoiceField(
        label=_("What"), required=False, choices=[("", _("Everything")), *AccessEntry.Kind.choices]
    )
    conversation = forms.UUIDField(label=_("Conversation"), required=False)
    # One entry, with all that it showed.
    entry = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )
    since = DayField(label=_("From"))
    until = DayField(label=_("Until"))

    def __init__(self, data: Any, identities: Identities) -> None:
        super().__init__(data, label_suffix="")
        self.identities = identities

    def clean_who(self) -> str:
        return self.identities.require_pseudonym(self.cleaned_data["who"])

    def clean_whose(self) -> str:
        return self.identities.require_pseudonym(self.cleaned_data["whose"])

    @property
    def wanted_entry(self) -> int | None:
        """The one that is asked for, if it is one."""
        return self.cleaned_data["entry"] if self.is_valid() else None

    def entries(self) -> QuerySet[AccessEntry]:
        """Those that pass; none when the form makes no sense."""
        if not self.is_valid():
            return AccessEntry.objects.none()
        found = AccessEntry.objects.all()
        if pk := self.cleaned_data["entry"]:
            found = found.filter(pk=pk)
        if actor := self.cleaned_data["who"]:
            found = found.filter(actor=actor)
        if kind := self.cleaned_data["what"]:
            found = found.filter(kind=kind)
        if person := self.cleaned_data["whose"]:
            found = found.filter(
                pk__in=entries_about_user(subject=person).union(entries_showing(person=person))
            )
        if talk := self.cleaned_data["conversation"]:
            found = found.filter(
                pk__in=entries_about_user(conversation=talk).union(
                    entries_showing(conversation=talk)
                )
            )
        if day := self.cleaned_data["since"]:
            found = found.filter(
                at__gte=beginning_of_day(day), pk__gte=first_from(day) - OUT_OF_ORDER
            )
        if day := self.cleaned_data["until"]:
            after = day + timedelta(days=1)
            found = found.filter(
                at__lt=beginning_of_day(after), pk__lte=first_from(after) + OUT_OF_ORDER
            )
        return found

    def choices(self) -> dict[str, str]:
        """What was filtered by, for the log: numbers, choices and pseudonyms."""
        return {name: str(it) for name, it in self.cleaned_data.items() if it}


def entries_about_user(**whom: Any) -> QuerySet[Any, Any]:
    """Ids of the entries that are of them."""
    return AccessEntry.objects.filter(**whom).order_by().values("pk")


def entries_showing(**whom: Any) -> QuerySet[Any, Any]:
    """Ids of the entries that showed something of them among others."""
    return Disclosure.objects.filter(**whom).values("entry")


def first_from(day: date) -> int:
    """The id of about the first entry of that day or later, so that pages are found by their ids
    without passing over all that is newer.
    """
    later = AccessEntry.objects.filter(at__gte=beginning_of_day(day)).order_by("at", "id")
    first = later.values_list("pk", flat=True).first()
    return first if first is not None else newest_id() + 1


def newest_id() -> int:
    return AccessEntry.objects.values_list("pk", flat=True).order_by("-pk").first() or 0
