"""Budgets: whether somebody may have one more reply, and counting what it took.

Both within a transaction of the caller's. What one user sends waits for each other there, and a
reply is counted in the transaction that saves it, so that nothing is let through, counted twice or
forgotten between the two.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatsite.accounts.budgets.standing import Standing, standing_of
from chatsite.accounts.models import RecentMessage, UsageDay, User

MINUTE = timedelta(minutes=1)


class BudgetExceeded(Exception):
    """A limit is reached. `sentence` says which, and when there will be more; `seconds` is how long
    that is, None where waiting won't help.
    """

    def __init__(self, sentence: str, resets_at: datetime | None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        wait = resets_at - timezone.now() if resets_at else None
        self.seconds = max(math.ceil(wait.total_seconds()), 1) if wait else None


def admit(user: User) -> Standing:
    """Lets the user have one more reply. Raises BudgetExceeded; with no limit, costs one query."""
    standing = standing_of(user)
    if budget := standing.used_up:
        raise BudgetExceeded(budget.sentence, budget.resets_at)
    if standing.limits.messages_per_minute is not None:
        admit_this_minute(user, standing.limits.messages_per_minute)
    return standing


def admit_this_minute(user: User, limit: int) -> None:
    now = timezone.now()
    sent = RecentMessage.objects.filter(user=user)
    sent.filter(sent_at__lte=now - MINUTE).delete()
    times = list(sent.order_by("-sent_at").values_list("sent_at", flat=True)[:limit])
    if len(times) >= limit:
        resets_at = times[-1] + MINUTE if times else None
        raise BudgetExceeded(words_for_a_minute(limit, resets_at, now), resets_at)
    RecentMessage.objects.create(user=user, sent_at=now)


def words_for_a_minute(limit: int, resets_at: datetime | None, now: datetime) -> str:
    if not resets_at:
        return _("Your budget is zero. Ask your administrator for more.")
    seconds = max(math.ceil((resets_at - now).total_seconds()), 1)
    return ngettext(
        "The limit of messages a minute is %(limit)d. You can send again in %(seconds)d second.",
        "The limit of messages a minute is %(limit)d. You can send again in %(seconds)d seconds.",
        seconds,
    ) % {"limit": limit, "seconds": seconds}


@dataclass(frozen=True)
class Account:
    """Where something is counted: a user's day; without a user, the day of erased ones."""

    user_id: int | None
    day: date

    @classmethod
    def of(cls, user: User) -> "Account":
        return cls(user.pk, timezone.localdate(timezone=user.zone))

    @classmethod
    def locked(cls, user_id: int) -> "Account":
        """Of a user who may be gone by now. Holds their lock until the end of the transaction."""
        users = User.objects.only("time_zone")
        if connection.features.has_select_for_update:
            users = users.select_for_update(no_key=True)
        user = users.filter(pk=user_id).first()
        return cls.of(user) if user else cls(None, timezone.localdate())

    def add(
        self,
        *,
        messages: int = 0,
        prompt_tokens: int = 0,
        completion_tokens: int = 0,
        cost_usd: Decimal = Decimal(0),
    ) -> None:
        rows = UsageDay.objects.filter(user=self.user_id)
        if self.user_id is None:
            rows = rows.filter(day=self.day)
        else:
            # Never on an earlier day than was begun: whoever moves west while a reply is written
            # would have it counted on a day that no check looks at any more.
            latest = rows.filter(day__gte=self.day).order_by("-day").values("pk")[:1]
            rows = UsageDay.objects.filter(pk__in=latest)
        # Of two who make the row at once one does; both add to it.
        while not rows.update(
            messages=F("messages") + messages,
            prompt_tokens=F("prompt_tokens") + prompt_tokens,
            completion_tokens=F("completion_tokens") + completion_tokens,
            cost_usd=F("cost_usd") + cost_usd,
        ):
            UsageDay.objects.bulk_create(
                [UsageDay(user_id=self.user_id, day=self.day)], ignore_conflicts=True
            )
