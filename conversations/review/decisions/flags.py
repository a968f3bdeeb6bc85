"""The flag that a reviewer puts on a conversation: one, whoever puts it there."""

from django.db import transaction

from chatsite.accounts.models import User
from chatsite.core.locks import retry_on_conflict
from conversations.review import review_rows as reviews
from conversations.review.decisions import decisions
from conversations.review.models import Flag, Review


@retry_on_conflict
@transaction.atomic
def flag_conversation(*, review: Review, reviewer: User, version: int | None) -> None:
    """Puts it into the queue as well, where it was in none. Raises decisions.StaleVersionError."""
    decisions.save_decision(
        review=review, reviewer=reviewer, version=version, state=decisions.QUEUED
    )
    by_reviewer = {"reviewer": reviewer}
    Flag.objects.get_or_create(conversation_id=review.pk, rule=None, defaults=by_reviewer)
    reviews.refresh_rows({review.pk})


@retry_on_conflict
@transaction.atomic
def unflag_conversation(*, review: Review, reviewer: User, version: int | None) -> None:
    """Rules' flags stay. Raises decisions.StaleVersionError."""
    decisions.save_decision(review=review, reviewer=reviewer, version=version)
    Flag.objects.filter(conversation_id=review.pk, rule=None).delete()
    reviews.refresh_rows({review.pk})
