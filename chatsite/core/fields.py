"""Form fields that several lists share: one calendar for all filters by day."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Beyond these no day begins in every time zone, and none is needed.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


class DayField(forms.DateField):
    """An optional day, as browsers send it, whatever the reader's language."""

    default_error_messages = {
        "invalid": _("Enter a day as year-month-day, such as 2026-03-31."),
        "out_of_range": _("Choose a day between the years 1900 and 2999."),
    }

    def __init__(self, *, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and not FIRST_DAY <= value <= LAST_DAY:
            raise forms.ValidationError(self.error_messages["out_of_range"], code="out_of_range")


class NumberField(forms.IntegerField):
    """An optional number that is not less than nothing."""

    def __init__(self, *, label: Any) -> None:
        super().__init__(label=label, required=False, min_value=0, max_value=2**31 - 1)


def beginning_of_day(day: date) -> datetime:
    """Return when a day begins for the reader: in the current time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of_day(day: date) -> datetime:
    """Return when a day ends for the reader, which is when the next one begins."""
    return beginning_of_day(day + timedelta(days=1))
