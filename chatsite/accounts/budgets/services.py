"""Check a user's budget before a reply, and count what the reply used.

Both within a transaction of the caller's, which holds the user's lock (decision 0008): what one
user sends is checked in turn, and a reply is counted in the transaction that saves it, so that
there is no race condition between the two.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from django.db import connection
from django.db.models import BigIntegerField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatsite.accounts.budgets.status import BudgetStatus, compute_budget_status
from chatsite.accounts.models import RecentMessage, User
from chatsite.core.clocks import around
from chatsite.core.errors import UserFacingError
from chatsite.core.prepared import PreparedQuery, Slot

MINUTE = timedelta(minutes=1)

# One statement makes the row of a day or adds to it, also while others do; it is on the way to the
# first word of every reply, and the ORM has no such thing.
ADD = """
INSERT INTO accounts_usageday AS total
    (user_id, day, messages, prompt_tokens, completion_tokens, cost_usd)
VALUES ({whose}, {day}, %s, %s, %s, %s)
ON CONFLICT {row} DO UPDATE SET
    messages = total.messages + excluded.messages,
    prompt_tokens = total.prompt_tokens + excluded.prompt_tokens,
    completion_tokens = total.completion_tokens + excluded.completion_tokens,
    cost_usd = total.cost_usd + excluded.cost_usd
"""
# Never on an earlier day than was begun: whoever moves west while a reply is written would have it
# counted on a day that no check looks at any more.
LATEST = "(SELECT MAX(day) FROM accounts_usageday WHERE user_id = %s AND day > %s)"
ADD_TO_USER = ADD.format(whose="%s", day=f"COALESCE({LATEST}, %s)", row="(user_id, day)")
ADD_TO_ERASED = ADD.format(whose="NULL", day="%s", row="(day) WHERE user_id IS NULL")


# On SQLite, BEGIN IMMEDIATE does the same as its lock.
LOCKED_USER = PreparedQuery(
    lambda: (
        User.objects.select_for_update(no_key=connection.features.has_select_for_no_key_update)
        .filter(pk=Slot("pk", BigIntegerField()))
        .only("time_zone")
    )
)


class BudgetExceededError(UserFacingError):
    """A limit is reached. The sentence says which, and when there will be more; without a
    `retry_after` waiting won't help.
    """

    status = 429

    @classmethod
    def until(cls, resets_at: datetime | None, sentence: str) -> Self:
        wait = resets_at - timezone.now() if resets_at else None
        seconds = max(math.ceil(wait.total_seconds()), 1) if wait else None
        return cls(sentence, retry_after=seconds)

    def with_hint(self, hint: str) -> Self:
        """Return the same with a second sentence."""
        return type(self)(f"{self.sentence} {hint}".strip(), retry_after=self.retry_after)


def check_budget(user: User, replies: int = 1) -> BudgetStatus:
    """Check that the user may have so many more replies. Raises BudgetExceededError."""
    budget_status = compute_budget_status(user)
    if budget := budget_status.used_up:
        raise BudgetExceededError.until(budget.resets_at, budget.sentence)
    if budget_status.limits.messages_per_minute is not None:
        check_message_rate(user, budget_status.limits.messages_per_minute, replies)
    return budget_status


def check_message_rate(user: User, limit: int, replies: int = 1) -> None:
    """Count a message in this minute for each reply to it. Raises BudgetExceededError where that
    would be more than the limit.
    """
    now = timezone.now()
    sent = RecentMessage.objects.filter(user=user)
    sent.exclude(sent_at__range=around(now, MINUTE)).delete()
    times = list(sent.order_by("-sent_at").values_list("sent_at", flat=True)[:limit])
    if len(times) + replies > limit:
        # When enough of them are a minute ago; never where the limit is below what is asked for.
        enough = times[limit - replies] if limit >= replies else None
        resets_at = enough + MINUTE if enough else None
        sentence = describe_message_rate(limit, resets_at, now)
        if resets_at and len(times) < limit:
            sentence = f"{sentence} {_('A message to one model can be sent now.')}"
        raise BudgetExceededError.until(resets_at, sentence)
    for _number in range(replies):
        RecentMessage.objects.create(user=user, sent_at=now)


def describe_message_rate(limit: int, resets_at: datetime | None, now: datetime) -> str:
    if not resets_at and limit:
        return _("Two replies at once are more than your limit of messages a minute. Ask for one.")
    if not resets_at:
        return _("Your budget is zero. Ask your administrator for more.")
    seconds = max(math.ceil((resets_at - now).total_seconds()), 1)
    return ngettext(
        "The limit of messages a minute is %(limit)d. You can send again in %(seconds)d second.",
        "The limit of messages a minute is %(limit)d. You can send again in %(seconds)d seconds.",
        seconds,
    ) % {"limit": limit, "seconds": seconds}


@dataclass(frozen=True)
class UsageCounter:
    """The row that counts what is used: a user's day; without a user, the day of erased ones."""

    user_id: int | None
    day: date

    @classmethod
    def of_user(cls, user: User) -> "UsageCounter":
        return cls(user.pk, timezone.localdate(timezone=user.zone))

    @classmethod
    def lock(cls, user_id: int) -> "UsageCounter":
        """Lock a user, who may be gone by now, until the end of the transaction; return their
        counter of today.
        """
        user = LOCKED_USER.find(pk=user_id)
        return cls.of_user(user) if user else cls(None, timezone.localdate())

    def add_usage(
        self,
        *,
        messages: int = 0,
        prompt_tokens: int = 0,
        completion_tokens: int = 0,
        cost_usd: Decimal = Decimal(0),
    ) -> None:
        amounts: list[Any] = [messages, prompt_tokens, completion_tokens, cost_usd]
        with connection.cursor() as cursor:
            if self.user_id is None:
                cursor.execute(ADD_TO_ERASED, [self.day, *amounts])
            else:
                whose: list[Any] = [self.user_id, self.user_id, self.day, self.day]
                cursor.execute(ADD_TO_USER, [*whose, *amounts])
