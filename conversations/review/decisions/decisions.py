"""Verdicts and assignments. Two reviewers may be at it at once: who saves on top of what they
haven't seen is told, and nothing is overwritten silently.
"""

from typing import Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from chatsite.accounts.models import User
from chatsite.core.locks import retry_on_conflict
from conversations.review.models import Judgement, Review, Verdict

State = Review.State
# Where nobody had asked for it to be looked at, somebody has now.
QUEUED = Case(When(state=State.UNREVIEWED, then=Value(State.WAITING)), default=F("state"))


class OwnConversationError(Exception):
    """Nobody judges what they wrote themselves. Nothing was changed."""


class StaleVersionError(Exception):
    """Somebody has saved since the version that was seen, or the conversation is gone."""


def save_decision(
    *, review: Review, reviewer: User | None, version: int | None, **changes: Any
) -> None:
    """One conditional UPDATE: of two at once, one goes through. Without a version, on top of
    whatever there is. Raises StaleVersionError, or OwnConversationError.
    """
    if reviewer and is_own(review, reviewer):
        raise OwnConversationError
    rows = Review.objects.filter(pk=review.pk)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(version=F("version") + 1, changed_by=reviewer, **changes):
        raise StaleVersionError


def is_own(review: Review, reviewer: User) -> bool:
    """Also where its owner has deleted it: the review knows whose it was."""
    return review.person == reviewer.pseudonym


def lock_review(review: Review) -> None:
    """Nobody deletes it before the transaction ends. Raises StaleVersionError when somebody has."""
    found = Review.objects.select_for_update(no_key=True).filter(pk=review.pk)
    if not found.values_list("pk"):
        raise StaleVersionError


@retry_on_conflict
@transaction.atomic
def record_decision(
    *,
    review: Review,
    reviewer: User,
    version: int | None,
    verdict: Verdict | None,
    comment: str = "",
    is_reviewed: bool = True,
) -> Judgement:
    """Gives a verdict and marks the conversation as reviewed, or takes both back. Raises
    StaleVersionError.
    """
    save_decision(
        review=review,
        reviewer=reviewer,
        version=version,
        verdict=verdict,
        state=State.REVIEWED if is_reviewed else State.WAITING,
        reviewed_at=timezone.now() if is_reviewed else None,
    )
    return Judgement.objects.create(
        conversation_id=review.pk,
        verdict=verdict,
        is_reviewed=is_reviewed,
        comment=comment,
        reviewer=reviewer,
    )


def assign_review(
    *,
    review: Review,
    assignee: User | None,
    reviewer: User | None = None,
    version: int | None = None,
) -> None:
    """To somebody, which puts it into the queue, or to nobody. Raises StaleVersionError, or
    OwnConversationError, also where it would be given to its owner.
    """
    if assignee and is_own(review, assignee):
        raise OwnConversationError
    changes: dict[str, Any] = {"state": QUEUED} if assignee else {}
    save_decision(review=review, reviewer=reviewer, version=version, assignee=assignee, **changes)
