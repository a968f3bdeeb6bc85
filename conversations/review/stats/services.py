"""Daily stats, counted as messages finish and feedback is given.

All within a transaction of the caller's. Others may count at the same moment, so each statement
adds to what a row has by then; and everybody takes locks in one order: users, days of the site,
days of users.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import batched
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.models import Conversation, Feedback, Message, ModelRequest
from conversations.outbox.batches import AddedUsage, MessageEnding
from conversations.review.models import SiteDay, UserDay
from conversations.review.stats import upserts
from conversations.review.stats.counters import StatsCounters

THUMBS = {Feedback.Rating.UP.value: "thumbs_up", Feedback.Rating.DOWN.value: "thumbs_down"}

# Rows in one statement: a database takes only so many parameters.
ROWS = 500

# Where something is counted: whose, the day, the model. Without a user, of those who were erased.
type RowKey = tuple[int | None, date, str]


def count_messages(endings: Sequence[MessageEnding], *, used: Sequence[AddedUsage]) -> None:
    """Count messages by how they ended, and what was used."""
    counted: defaultdict[RowKey, StatsCounters] = defaultdict(StatsCounters)
    for ending in endings:
        counted[get_row_key(ending.message, ending.model)].add_ending(ending)
    for added in used:
        counted[get_row_key(added.message)].add_usage(added)
    save_counters(counted)


def count_feedback(message: Message, *, before: str, after: str) -> None:
    """Count it on the day of the message. It may be counted before the message itself."""
    if before == after:
        return
    row = get_row_key(message)
    if after:
        given: dict[str, Any] = {THUMBS[after]: 1}
        save_counters({row: StatsCounters(**given)})
    if before:
        retract_feedback(row, THUMBS[before])


def get_row_key(message: Message, model: str = "") -> RowKey:
    """Return where a message is counted: days are the site's, whatever the user's time zone.

    A model is counted under the name by which it was asked for, as the catalog has it. Of replies
    from before that was kept, it is the one that answered: another, perhaps, once it is continued.
    """
    conversation = message.conversation
    day = timezone.localdate(message.created_at, timezone.get_default_timezone())
    name = message.requested_model or model or message.model or conversation.model
    return conversation.owner_id, day, name


def save_counters(counted: Mapping[RowKey, StatsCounters]) -> None:
    """Save the counters in four statements, however many messages they are of."""
    there = lock_users({user for user, _day, _model in counted if user})
    site: defaultdict[tuple[Any, ...], StatsCounters] = defaultdict(StatsCounters)
    users: defaultdict[tuple[Any, ...], StatsCounters] = defaultdict(StatsCounters)
    erased: defaultdict[tuple[Any, ...], StatsCounters] = defaultdict(StatsCounters)
    for (user, day, model), counters in counted.items():
        site[day, model] += counters
        if user in there:
            users[user, day, model] += counters
        else:
            erased[None, day, model] += counters
    upsert_counters(upserts.SITE, site)
    upsert_counters(upserts.USERS, users)
    upsert_counters(upserts.ERASED, erased)


def upsert_counters(
    target: upserts.UpsertTarget, counted: Mapping[tuple[Any, ...], StatsCounters]
) -> None:
    """Add in a fixed order, so that two who add at once make no deadlock."""
    with connection.cursor() as cursor:
        for some in batched(sorted(counted), ROWS):
            values = [value for key in some for value in (*key, *counted[key].list_values())]
            cursor.execute(target.build_upsert(connection.vendor, len(some)), values)


def lock_users(users: Collection[int]) -> set[int]:
    """Lock and return those who haven't been erased, and won't be before the transaction ends.
    Chatting doesn't wait for it.
    """
    if not users:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(upserts.build_user_lock(connection.vendor, len(users)), sorted(users))
        return {pk for (pk,) in cursor.fetchall()}


def lock_owners(conversation_ids: Collection[uuid.UUID]) -> None:
    """Lock those who own these conversations."""
    owned = Conversation.objects.filter(pk__in=conversation_ids, owner__isnull=False).order_by()
    lock_users({pk for pk in owned.values_list("owner", flat=True) if pk})


def retract_feedback(row: RowKey, thumbs: str) -> None:
    user, day, model = row
    lock_users({user} if user else set())
    one_less: dict[str, Any] = {thumbs: F(thumbs) - 1}
    given = {"day": day, "model": model, f"{thumbs}__gt": 0}
    SiteDay.objects.filter(**given).update(**one_less)
    UserDay.objects.filter(user=user, **given).update(**one_less)


def on_model_request_made(*, request: ModelRequest, **_signal: Any) -> None:
    """Count what it took, on the day on which it was made, beside what replies took."""
    day = timezone.localdate(request.started_at, timezone.get_default_timezone())
    counters = StatsCounters(
        prompt_tokens=request.prompt_tokens,
        completion_tokens=request.completion_tokens,
        cost_usd=request.cost_usd,
    )
    save_counters({(request.user_id, day, request.model): counters})


def on_user_erased(*, user: User, **_signal: Any) -> None:
    """Keep what they used, in the rows that all erased users share; theirs go with them."""
    with connection.cursor() as cursor:
        cursor.execute(upserts.build_erasure(connection.vendor), [user.pk])
