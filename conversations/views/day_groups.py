"""Conversations by day, in the reader's time zone: Today, Yesterday, the last week and month, then
by month.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations.models import Conversation


def format_day_label(moment: datetime, today: date) -> str:
    day = timezone.localtime(moment).date()
    if day >= today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    if day >= today - timedelta(days=7):
        return _("Previous 7 days")
    if day >= today - timedelta(days=30):
        return _("Previous 30 days")
    return date_format(day, "F Y")


def group_by_day(conversations: Iterable[Conversation]) -> list[tuple[str, list[Conversation]]]:
    """Groups of neighbours under the same label; the order stays."""
    today = timezone.localdate()

    def label(conversation: Conversation) -> str:
        return format_day_label(conversation.last_activity_at, today)

    return [(name, list(group)) for name, group in groupby(conversations, label)]
