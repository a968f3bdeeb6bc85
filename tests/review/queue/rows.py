"""Many conversations for the queue at once."""

import random
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review.models import Review


def add_review(owner: User, *, title: str = "Greetings", **fields: Any) -> Review:
    return add_reviews(owner, [{"title": title, **fields}])[0]


def add_reviews(owner: User, rows: list[dict[str, Any]]) -> list[Review]:
    """A conversation each, the first the one last used; rows that say nothing are alike."""
    now = timezone.now()
    made, reviews = [], []
    for number, row in enumerate(rows):
        moment = row.pop("last_activity_at", now - timedelta(minutes=number))
        title = row.pop("title", f"Talk {number}")
        talk = Conversation(owner=owner, title=title, model="test-model", last_activity_at=moment)
        usual = {"person": owner.pseudonym, "model": "test-model", "last_activity_at": moment}
        made.append(talk)
        reviews.append(Review(conversation=talk, **(usual | row)))
    Conversation.objects.bulk_create(made)
    return Review.objects.bulk_create(reviews)


def add_varied(owners: list[User], number: int) -> None:
    """As a site has them after a while: most were never looked at, few are flagged."""
    chance = random.Random(4)
    for owner in owners:
        rows = [varied(chance, index) for index in range(number // len(owners))]
        add_reviews(owner, rows)


def analyze() -> None:
    """For the planner to know what there is, as it does on a site."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def varied(chance: random.Random, index: int) -> dict[str, Any]:
    messages = chance.choice([2, 2, 2, 4, 6, 20, 200])
    return {
        "state": chance.choices(Review.State.values, [90, 5, 5])[0],
        "model": chance.choice(["test-model", "test-model", "other-model"]),
        "message_count": messages,
        "tokens": messages * chance.randrange(20, 500),
        "cost_usd": chance.randrange(10_000) / 10_000,
        **{
            name: int(chance.random() < 0.04)
            for name in (
                *("thumbs_up", "thumbs_down", "flag_count"),
                *("failed_count", "stopped_count"),
            )
        },
    }
