"""What was used of assistants: added up of the messages themselves, since the rows of stats know of
none. So it is what conversations have now, without what was deleted since.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django.contrib.auth.models import Group
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, NullIf, TruncDate

from chatsite.accounts.roles import Role
from conversations.models import Assistant, AssistantVersion, Conversation, Message
from conversations.review.stats.counters import NUMBERS, StatsCounters
from conversations.review.stats.histograms import FIRST_TOKEN_BUCKET
from conversations.review.stats.ranges import By, Narrowing, Range, get_time_zone
from conversations.review.stats.report_lines import Figures, ReportLine

IS_REPLY = Q(role=Message.Role.ASSISTANT)
USERS = Count("conversation__owner", distinct=True)
# Named by the columns of stats, of which some are columns of messages, too.
SUMS = {
    "sum_messages": Count("pk", filter=Q(role=Message.Role.USER)),
    "sum_replies": Count(
        "pk", filter=IS_REPLY & Q(is_edited=False) & ~Q(status__in=Message.RUNNING)
    ),
    "sum_failed": Count("pk", filter=Q(status=Message.Status.FAILED)),
    "sum_stopped": Count("pk", filter=Q(status__in=Message.ENDED_EARLY)),
    "sum_prompt_tokens": Sum("prompt_tokens"),
    "sum_completion_tokens": Sum("completion_tokens"),
    "sum_cost_usd": Sum("cost_usd"),
    "sum_thumbs_up": Count("pk", filter=Q(feedback__rating="up")),
    "sum_thumbs_down": Count("pk", filter=Q(feedback__rating="down")),
}
SHARED_WITH_GROUPS = Exists(
    Assistant.groups.through.objects.filter(assistant=OuterRef("conversation__assistant"))
)
KEYS: Mapping[By, Any] = {
    # As the rows of stats name it (services.get_row_key).
    By.MODEL: Coalesce(
        NullIf("requested_model", Value("")), NullIf("model", Value("")), "conversation__model"
    ),
    By.GROUP: F("conversation__owner__groups__name"),
    By.USER: F("conversation__owner__pseudonym"),
    # What isn't shared is one line, of a version that is null.
    By.ASSISTANT: Case(
        When(
            Q(conversation__assistant__is_for_all=True) | SHARED_WITH_GROUPS,
            then=F("conversation__assistant_version"),
        ),
        default=None,
    ),
}
DAY = TruncDate("created_at", tzinfo=get_time_zone())


def select_messages(days: Range, only: Narrowing | None) -> QuerySet[Message]:
    """Those of conversations with an assistant, but for copies: they were counted where they are
    from.
    """
    begin, end = (
        datetime.combine(day, time(), get_time_zone())
        for day in (days.begin, days.end + timedelta(days=1))
    )
    talks = Conversation.objects.filter(assistant__isnull=False, last_activity_at__gte=begin)
    if only:
        talks = talks.filter(assistant=only.assistant)
    if only and only.version is not None:
        talks = talks.filter(assistant_version__number=only.version)
    return Message.objects.filter(
        conversation__in=talks.order_by(),
        created_at__gte=begin,
        created_at__lt=end,
        copied_from=None,
    ).order_by()


def add_up(messages: QuerySet[Message], key: Any) -> list[ReportLine]:
    """Return a line for each value of `key`, an expression; in two queries."""
    keyed = messages.annotate(key=key)
    times = defaultdict[Any, Counter[str]](Counter)
    begun = keyed.filter(
        IS_REPLY, is_edited=False, base_length=None, started_at__isnull=False
    ).exclude(first_token_at=None)
    buckets = begun.annotate(bucket=FIRST_TOKEN_BUCKET).values_list("key", "bucket")
    for value, bucket, count in buckets.annotate(count=Count("pk")):
        times[value][str(bucket)] = count
    lines = []
    rows = keyed.values("key").annotate(users=USERS, **SUMS)
    for row in cast("Iterable[dict[str, Any]]", rows):
        sums = {name: row[f"sum_{name}"] for name in NUMBERS}
        counters = StatsCounters.from_row(sums | {"first_token": times[row["key"]]})
        lines.append(ReportLine(row["key"], counters, row["users"]))
    return lines


def read_figures(days: Range, only: Narrowing) -> Figures:
    """Return what the report of a range needs, of one assistant."""
    before = select_messages(days.before, only)
    lines = add_up(select_messages(Range(days.before.begin, days.end), only), DAY)
    return Figures(
        by_day=defaultdict[date, StatsCounters](
            StatsCounters, {line.key: line.counters for line in lines}
        ),
        active_by_day={line.key: line.users or 0 for line in lines},
        active=select_messages(days, only).aggregate(users=USERS)["users"],
        active_before=before.aggregate(users=USERS)["users"],
    )


def break_down_messages(days: Range, by: By, only: Narrowing | None) -> list[ReportLine]:
    """Return a line for each model, group, pseudonym, or version of what is shared; what users have
    for themselves is one line, with "" for a name, and so are those who were erased.
    """
    messages = select_messages(days, only)
    if by == By.GROUP:
        groups = Group.objects.exclude(name__in=Role.values)
        messages = messages.filter(conversation__owner__groups__in=groups)
    lines = add_up(messages, KEYS[by])
    if by == By.ASSISTANT:
        versions = AssistantVersion.objects.in_bulk(
            [line.key for line in lines if line.key is not None]
        )
        names = {pk: f"{version.name} · {version.number}" for pk, version in versions.items()}
    else:
        names = {line.key: line.key for line in lines if line.key}
    return [ReportLine(names.get(line.key, ""), line.counters, line.users) for line in lines]
