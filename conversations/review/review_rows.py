"""The queue's rows: made and brought up to date from what they are copies of."""

import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from conversations.models import Conversation, Feedback, Message
from conversations.review.models import Flag, Review

COPIES = (
    "person",
    "model",
    "last_activity_at",
    "message_count",
    "tokens",
    "cost_usd",
    "thumbs_up",
    "thumbs_down",
    "flag_count",
    "failed_count",
    "stopped_count",
)
OF_MESSAGES = {
    "message_count": Count("pk"),
    "tokens": Coalesce(Sum("prompt_tokens"), 0) + Coalesce(Sum("completion_tokens"), 0),
    "cost_usd": Sum("cost_usd"),
    "failed_count": Count("pk", filter=Q(status=Message.Status.FAILED)),
    "stopped_count": Count("pk", filter=Q(status__in=Message.ENDED_EARLY)),
}
OF_FEEDBACK = {
    "thumbs_up": Count("pk", filter=Q(rating=Feedback.Rating.UP)),
    "thumbs_down": Count("pk", filter=Q(rating=Feedback.Rating.DOWN)),
}


@transaction.atomic
def refresh_rows(conversation_ids: Collection[uuid.UUID]) -> None:
    """A row for each that there is. Nine queries at most, however many they are."""
    if not conversation_ids:
        return
    these = {"conversation__in": conversation_ids}
    lock_rows(set(conversation_ids))
    finished = Message.objects.filter(**these).exclude(status__in=Message.RUNNING)
    copies: dict[uuid.UUID, dict[str, Any]] = {}
    for rows, sums in (
        (finished, OF_MESSAGES),
        (Feedback.objects.filter(**these), OF_FEEDBACK),
        (Flag.objects.filter(**these), {"flag_count": Count("pk")}),
    ):
        for row in rows.order_by().values("conversation").annotate(**sums):
            copies.setdefault(row["conversation"], {}).update(row)
    # Of one without an owner the pseudonym is known here alone; of all of them, as an owner may be
    # gone when the conversations are read.
    kept = dict(Review.objects.filter(**these).values_list("pk", "person"))
    conversations = Conversation.objects.filter(pk__in=conversation_ids).select_related("owner")
    Review.objects.bulk_create(
        [build_row(each, kept.get(each.pk, ""), copies.get(each.pk, {})) for each in conversations],
        update_conflicts=True,
        unique_fields=["conversation"],
        update_fields=COPIES,
    )


def count_flags(conversation_ids: set[uuid.UUID]) -> None:
    """Where nothing but flags has changed; within a transaction."""
    lock_rows(conversation_ids)
    flags = Flag.objects.filter(conversation=OuterRef("pk")).order_by().values("conversation")
    count = Subquery(flags.annotate(count=Count("pk")).values("count"))
    Review.objects.filter(pk__in=conversation_ids).update(flag_count=Coalesce(count, 0))


def lock_rows(conversation_ids: set[uuid.UUID]) -> None:
    """Of two who count at once the later one counts what the first has saved, also where there is
    no row yet. In one order, so that neither waits for the other in vain.
    """
    rows = Review.objects.select_for_update().filter(pk__in=conversation_ids).order_by("pk")
    missing = conversation_ids - set(rows.values_list("pk", flat=True))
    if not missing:
        return
    new = Conversation.objects.filter(pk__in=missing).select_related("owner").order_by("pk")
    if Review.objects.bulk_create((build_row(each, "", {}) for each in new), ignore_conflicts=True):
        list(rows.filter(pk__in=missing).values_list("pk"))


def build_row(conversation: Conversation, person: str, copies: dict[str, Any]) -> Review:
    return Review(
        conversation=conversation,
        person=conversation.owner.pseudonym if conversation.owner else person,
        model=conversation.model,
        last_activity_at=conversation.last_activity_at,
        **{name: copies[name] for name in COPIES if copies.get(name) is not None},
    )


def enqueue_conversations(conversation_ids: Collection[uuid.UUID]) -> None:
    """Puts them among those to review, also those that were reviewed before. Whoever is just about
    to mark one as reviewed hasn't seen why, and is told.
    """
    if conversation_ids:
        Review.objects.filter(pk__in=conversation_ids).update(
            state=Review.State.WAITING, version=F("version") + 1, changed_by=None
        )
