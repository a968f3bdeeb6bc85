"""Which days the dashboard shows, of which assistant, and broken down by what: its page's form."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatsite.core.fields import DayField, NumberField
from conversations.review.shared_assistants import list_shared_assistants

# Two years, one of them a leap year.
LONGEST = 731

DAY = timedelta(days=1)
CUSTOM, MONTH = "custom", "month"


@dataclass(frozen=True)
class Range:
    """Days, from the first to the last."""

    begin: date
    end: date

    @classmethod
    def ending_on(cls, end: date, days: int) -> "Range":
        return cls(end - DAY * (days - 1), end)

    @property
    def length(self) -> int:
        return (self.end - self.begin).days + 1

    @property
    def before(self) -> "Range":
        """The range of as many days, just before it."""
        return Range.ending_on(self.begin - DAY, self.length)

    @property
    def days(self) -> Iterator[date]:
        return (self.begin + DAY * number for number in range(self.length))

    @property
    def ends(self) -> tuple[date, date]:
        return self.begin, self.end


class By(models.TextChoices):
    MODEL = "model", gettext_lazy("model")
    GROUP = "group", gettext_lazy("group")
    USER = "user", gettext_lazy("user")
    ASSISTANT = "assistant", gettext_lazy("assistant")


class Sort(models.TextChoices):
    MESSAGES = "messages", gettext_lazy("messages")
    TOKENS = "tokens", gettext_lazy("tokens")
    COST = "cost_usd", gettext_lazy("cost")
    FAILED = "failed", gettext_lazy("failed replies")
    BAD = "thumbs_down", gettext_lazy("bad ratings")


@dataclass(frozen=True)
class Narrowing:
    """The conversations that have an assistant now, in all of its versions or in one."""

    assistant: uuid.UUID
    version: int | None


@dataclass(frozen=True)
class ReportSelection:
    # A preset, or CUSTOM.
    chosen: str
    range: Range
    # None for all conversations, with an assistant or without.
    only: Narrowing | None
    by: By
    sort: Sort


class DashboardForm(forms.Form):
    """The choices of the page; by default thirty days, by model, the most messages on top."""

    PRESETS = (
        ("7", gettext_lazy("7 days")),
        ("30", gettext_lazy("30 days")),
        ("90", gettext_lazy("90 days")),
        (MONTH, gettext_lazy("This month")),
    )

    days = forms.ChoiceField(
        choices=[*PRESETS, (CUSTOM, gettext_lazy("From … to …"))], required=False
    )
    begin = DayField(label=gettext_lazy("From"))
    end = DayField(label=gettext_lazy("To"))
    by = forms.ChoiceField(label=gettext_lazy("Broken down by"), choices=By, required=False)
    sort = forms.ChoiceField(label=gettext_lazy("The most"), choices=Sort, required=False)
    assistant = forms.ChoiceField(
        label=gettext_lazy("Assistant"),
        choices=lambda: [("", gettext_lazy("Any")), *list_shared_assistants()],
        required=False,
    )
    version = NumberField(label=gettext_lazy("Version"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("days") == CUSTOM and not self.errors:
            self.check_days(cleaned["begin"], cleaned["end"])
        if cleaned.get("version") is not None and not cleaned.get("assistant") and not self.errors:
            raise ValidationError(_("Choose the assistant that the version is of."))
        return cleaned

    def check_days(self, begin: date | None, end: date | None) -> None:
        if begin is None or end is None:
            raise ValidationError(_("Choose the first and the last day."))
        if end < begin:
            raise ValidationError(_("The first day comes after the last. Swap them."))
        if Range(begin, end).length > LONGEST:
            raise ValidationError(_("Choose two years at most."))

    @property
    def offers_assistants(self) -> bool:
        return bool(list_shared_assistants())

    @property
    def selection(self) -> ReportSelection:
        """What was asked for; as it is at first where that makes no sense."""
        asked = self.cleaned_data if self.is_valid() else {}
        chosen = asked.get("days") or "30"
        return ReportSelection(
            chosen=chosen,
            range=Range(asked["begin"], asked["end"]) if chosen == CUSTOM else get_preset(chosen),
            only=read_narrowing(asked),
            by=By(asked.get("by") or By.MODEL),
            sort=Sort(asked.get("sort") or Sort.MESSAGES),
        )


def read_narrowing(asked: Mapping[str, Any]) -> Narrowing | None:
    if not asked.get("assistant"):
        return None
    return Narrowing(uuid.UUID(asked["assistant"]), asked["version"])


def get_preset(chosen: str) -> Range:
    if chosen == MONTH:
        return Range(get_today().replace(day=1), get_today())
    return Range.ending_on(get_today(), int(chosen))


def get_today() -> date:
    """Return the day in the site's time zone, as all stats have it."""
    return timezone.localdate(timezone=get_time_zone())


def get_time_zone() -> tzinfo:
    return timezone.get_default_timezone()
