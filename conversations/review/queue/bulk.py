"""What is done with many conversations at once: to each what would be done to it alone, so that
none is changed that somebody else has changed meanwhile.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.db import transaction

from chatsite.accounts.models import User
from chatsite.core.locks import retry_on_conflict
from conversations.review.decisions import decisions
from conversations.review.models import Label, Labelling, Review, Verdict


class Action(Protocol):
    def apply(self, review: Review, version: int, reviewer: User) -> None: ...


@dataclass(frozen=True)
class MarkReviewed:
    """Without a verdict, the one that stands is left."""

    verdict: Verdict | None = None

    def apply(self, review: Review, version: int, reviewer: User) -> None:
        verdict = self.verdict or review.verdict
        decisions.record_decision(
            review=review, reviewer=reviewer, version=version, verdict=verdict
        )


class PutToReview:
    def apply(self, review: Review, version: int, reviewer: User) -> None:
        decisions.record_decision(
            review=review, reviewer=reviewer, version=version, verdict=None, is_reviewed=False
        )


@dataclass(frozen=True)
class Assign:
    assignee: User | None

    def apply(self, review: Review, version: int, reviewer: User) -> None:
        decisions.assign_review(
            review=review, assignee=self.assignee, reviewer=reviewer, version=version
        )


@dataclass(frozen=True)
class AddLabel:
    label: Label

    @retry_on_conflict
    @transaction.atomic
    def apply(self, review: Review, version: int, reviewer: User) -> None:
        decisions.save_decision(review=review, reviewer=reviewer, version=version)
        Labelling.objects.get_or_create(conversation_id=review.pk, label=self.label)


@dataclass
class BulkOutcome:
    done: int = 0
    # Changed by somebody else since they were shown.
    stale: list[Review] = field(default_factory=list)
    # The reviewer's own, or of whom they were to be assigned to.
    own: int = 0

    @property
    def count(self) -> int:
        return self.done + len(self.stale) + self.own


def apply_action(
    *, action: Action, reviews: Sequence[Review], versions: Mapping[uuid.UUID, int], reviewer: User
) -> BulkOutcome:
    """`versions` are those that the reviewer has seen."""
    outcome = BulkOutcome()
    for review in reviews:
        try:
            action.apply(review, versions[review.pk], reviewer)
        except decisions.StaleVersionError:
            outcome.stale.append(review)
        except decisions.OwnConversationError:
            outcome.own += 1
        else:
            outcome.done += 1
    return outcome
