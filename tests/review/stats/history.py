"""Things that happen by chance, and the stats that the raw rows say."""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from conversations.models import Conversation, Feedback, Message
from conversations.outbox import worker
from conversations.review.models import SiteDay, UserDay
from conversations.review.stats import latency
from conversations.review.stats.counters import StatsCounters
from conversations.signals import feedback_changed
from tests.factories import add_message

FIRST_DAY = datetime(2026, 3, 1, tzinfo=UTC)
ENDS = ("complete", "complete", "failed", "stopped", "interrupted")

type Row = tuple[int | None, date, str]


class History:
    def __init__(self, seed: int, conversations: list[Conversation]) -> None:
        self.chance = random.Random(seed)
        self.conversations = conversations

    def happen(self, events: int) -> None:
        """Also events are processed now and then, in batches of any size."""
        for _ in range(events):
            self.chance.choice(
                [
                    *(self.send, self.reply, self.reply, self.continue_reply),
                    *(self.know_usage, self.judge, self.follow),
                ]
            )()
        worker.process_outbox()

    def follow(self) -> None:
        if batch := worker.read_batch(self.chance.randint(1, 30)):
            worker.process_batch(batch)

    def send(self) -> None:
        add_message(self.conversation(), role="user", created_at=self.moment())

    def reply(self) -> None:
        started = self.moment()
        first = timedelta(seconds=self.chance.lognormvariate(0, 1))
        fields: dict[str, Any] = {
            "status": self.chance.choice(ENDS),
            "created_at": started,
            "model": self.chance.choice(["one", "another", ""]),
            "started_at": started,
            "first_token_at": self.chance.choice([None, started + first]),
            **self.chance.choice([{}, self.usage()]),
        }
        pending = add_message(self.conversation(), role="assistant", status="pending")
        if self.chance.random() < 0.5:
            self.follow()
        Message.objects.filter(pk=pending.pk).update(**fields)

    def continue_reply(self) -> None:
        early = Message.objects.filter(role="assistant", status__in=("failed", "stopped"))
        if reply := early.order_by("?").first():
            rows = Message.objects.filter(pk=reply.pk)
            rows.update(status="pending", base_length=0)
            if self.chance.random() < 0.5:
                self.follow()
            rows.update(status=self.chance.choice(ENDS))

    def know_usage(self) -> None:
        found = Message.objects.filter(role="assistant", prompt_tokens=None).order_by("?").first()
        if found:
            Message.objects.filter(pk=found.pk).update(**self.usage())

    def judge(self) -> None:
        """As the chat does it: a rating is given, changed or taken back."""
        replies = Message.objects.filter(role="assistant")
        message = replies.exclude(conversation__owner=None).order_by("?").first()
        if message is None:
            return
        before = Feedback.objects.filter(message=message).values_list("rating", flat=True).first()
        after = self.chance.choice(["up", "down", ""])
        with transaction.atomic():
            Feedback.objects.filter(message=message).delete()
            if after:
                Feedback.objects.create(
                    message=message, conversation_id=message.conversation_id, rating=after
                )
            feedback_changed.send(
                sender=Feedback, message=message, before=before or "", after=after
            )

    def conversation(self) -> Conversation:
        return self.chance.choice(self.conversations)

    def moment(self) -> datetime:
        return FIRST_DAY + timedelta(minutes=self.chance.randrange(4 * 24 * 60))

    def usage(self) -> dict[str, Any]:
        return {
            "prompt_tokens": self.chance.randrange(1, 9000),
            "completion_tokens": self.chance.randrange(1, 900),
            "cost_usd": Decimal(self.chance.randrange(1, 10**6)).scaleb(-8),
        }


def from_raw_rows() -> dict[Row, dict[str, Any]]:
    """Counted by other means than the site's; first token times as they are."""
    rows: defaultdict[Row, defaultdict[str, Any]] = defaultdict(lambda: defaultdict(int))
    zone = ZoneInfo(settings.TIME_ZONE)
    finished = Message.objects.exclude(status__in=Message.RUNNING)
    for message in finished.select_related("conversation", "feedback"):
        conversation = message.conversation
        day = message.created_at.astimezone(zone).date()
        row = rows[conversation.owner_id, day, message.model or conversation.model]
        row["messages" if message.role == "user" else "replies"] += 1
        row["failed"] += message.status == "failed"
        row["stopped"] += message.status in ("stopped", "interrupted")
        for name in ("prompt_tokens", "completion_tokens", "cost_usd"):
            row[name] += getattr(message, name) or 0
        if given := getattr(message, "feedback", None):
            row[f"thumbs_{given.rating}"] += 1
        if message.first_token_at and message.started_at:
            times = row["times"] or []
            row["times"] = [*times, (message.first_token_at - message.started_at).total_seconds()]
    return {key: dict(row) for key, row in rows.items()}


def as_numbers(row: SiteDay | UserDay | StatsCounters) -> dict[str, Any]:
    names = ("messages", "replies", "failed", "stopped", "prompt_tokens", "completion_tokens")
    found = {name: getattr(row, name) for name in (*names, "thumbs_up", "thumbs_down")}
    found["cost_usd"] = round(Decimal(row.cost_usd), 8)
    buckets = sorted((int(key), count) for key, count in row.first_token.items())
    found["times"] = [key for key, count in buckets for _ in range(count)]
    return {name: value for name, value in found.items() if value}


def with_buckets(row: dict[str, Any]) -> dict[str, Any]:
    """The exact times, each as the bucket that it belongs into."""
    times = sorted(int(latency.find_bucket(seconds)) for seconds in row.get("times") or [])
    return {name: value for name, value in (row | {"times": times}).items() if value}
