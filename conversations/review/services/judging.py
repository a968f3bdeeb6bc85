"""What reviewers decide: verdicts, and who looks at what."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.review.models import Judgement, Review, Verdict


class Outdated(Exception):
    """Somebody has saved since the version that was seen."""


def save(*, review: Review, reviewer: User, version: int, **changes: Any) -> None:
    """One conditional UPDATE: of two at once, one goes through. Raises Outdated."""
    rows = Review.objects.filter(pk=review.pk, version=version)
    if not rows.update(version=F("version") + 1, **changes):
        raise Outdated


@transaction.atomic
def judge(
    *,
    review: Review,
    reviewer: User,
    version: int,
    verdict: Verdict | None,
    comment: str = "",
    is_reviewed: bool = True,
) -> Judgement:
    save(
        review=review,
        reviewer=reviewer,
        version=version,
        verdict=verdict,
        state=Review.State.REVIEWED if is_reviewed else Review.State.WAITING,
        reviewed_at=timezone.now() if is_reviewed else None,
    )
    return Judgement.objects.create(
        conversation_id=review.pk,
        reviewer=reviewer,
        verdict=verdict,
        comment=comment,
        is_reviewed=is_reviewed,
    )


def assign(*, review: Review, assignee: User | None, reviewer: User, version: int) -> None:
    """To somebody, which puts it into the queue, or to nobody. Raises Outdated."""
    changes: dict[str, Any] = {"assignee": assignee}
    if assignee and review.state == Review.State.UNREVIEWED:
        changes["state"] = Review.State.WAITING
    save(review=review, reviewer=reviewer, version=version, **changes)
