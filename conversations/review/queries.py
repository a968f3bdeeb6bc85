"""Every read of review that isn't one subject's own: scoped to what the reader may see."""

import uuid

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from chatsite.accounts.models import User
from conversations.review.models import Review

SEE_HOLDS = "review.view_hold"


def reviews_for(reader: User) -> QuerySet[Review]:
    """Those that the reader may see: what its owner deleted while it was held is for those alone
    who may see holds.
    """
    return Review.objects.filter(visible_to(reader))


def visible_to(reader: User, prefix: str = "conversation__") -> Q:
    """The same as a condition on whatever has a conversation. What its owner deleted and may still
    take back is as good as gone.
    """
    kept = Q(**{f"{prefix}deleted_at__isnull": True})
    if reader.has_perm(SEE_HOLDS):
        return kept | Q(**{f"{prefix}is_held": True})
    return kept & Q(**{f"{prefix}owner__isnull": False})


def review_for(reader: User, conversation_id: uuid.UUID) -> Review:
    return get_object_or_404(
        reviews_for(reader).select_related("conversation", "verdict", "assignee"),
        pk=conversation_id,
    )
