"""Moments to come, in the words of a sentence."""

from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def at_time(moment: datetime, today: date) -> str:
    """ "at 14:30", "tomorrow at 09:00" or "on 1 July at 00:00"; the moment is in its reader's zone,
    and so is today.
    """
    clock = date_format(moment, "H:i")
    if moment.date() <= today:
        return _("at %(time)s") % {"time": clock}
    if moment.date() == today + timedelta(days=1):
        return _("tomorrow at %(time)s") % {"time": clock}
    day = date_format(moment, "j F")
    return _("on %(day)s at %(time)s") % {"day": day, "time": clock}
