"""What each filter of the queue asks of a review."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from chatsite.core.fields import beginning_of_day, end_of_day
from conversations.models import Conversation
from conversations.review.filters.forms import (
    BAD,
    BY_HAND,
    DELETED,
    FLAGGED,
    GOOD,
)
from conversations.review.models import Flag, Hold, Labelling
from conversations.search import matching


def title_contains(words: str) -> Q:
    return is_among(matching.match_titles(words))


def is_among(rows: QuerySet[Any]) -> Q:
    """Of the conversations of other rows."""
    return Q(pk__in=rows.order_by().values("conversation"))


def has_flag(value: str) -> Q:
    if value == FLAGGED:
        return Q(flag_count__gt=0)
    flags = Flag.objects.filter(rule=None if value == BY_HAND else int(value))
    # That there is a flag at all is in the table itself, and has an index.
    return Q(flag_count__gt=0) & is_among(flags)


def has_feedback(value: str) -> Q:
    if value == BAD:
        return Q(thumbs_down__gt=0)
    if value == GOOD:
        return Q(thumbs_up__gt=0)
    return Q(thumbs_up=0, thumbs_down=0)


def has_hold(value: str) -> Q:
    if value == DELETED:
        return Q(pk__in=Conversation.objects.filter(owner=None).order_by().values("pk"))
    return is_among(Hold.objects.all())


def is_of_assistant(**of: Any) -> Q:
    found = Conversation.objects.filter(assistant__isnull=False, **of)
    return Q(pk__in=found.order_by().values("pk"))


CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "user": lambda value: Q(person=value),
    "title": title_contains,
    "state": lambda value: Q(state=value),
    "verdict": lambda value: Q(verdict=int(value)),
    "label": lambda value: is_among(Labelling.objects.filter(label=int(value))),
    "flag": has_flag,
    "assignee": lambda value: Q(assignee=value),
    "feedback": has_feedback,
    "since": lambda value: Q(last_activity_at__gte=beginning_of_day(value)),
    "until": lambda value: Q(last_activity_at__lt=end_of_day(value)),
    "messages": lambda value: Q(message_count__gte=value),
    "tokens": lambda value: Q(tokens__gte=value),
    "cost": lambda value: Q(cost_usd__gte=value),
    "model": lambda value: Q(model=value),
    "assistant": lambda value: is_of_assistant(assistant=value),
    "assistant_version": lambda value: is_of_assistant(assistant_version__number=value),
    "failed": lambda _value: Q(failed_count__gt=0),
    "stopped": lambda _value: Q(stopped_count__gt=0),
    "hold": has_hold,
}


def format_url_value(value: Any) -> str:
    """Return a valid value as the URL has it."""
    if isinstance(value, bool):
        return "1"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
