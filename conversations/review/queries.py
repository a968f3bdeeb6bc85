"""Every read of review that isn't one subject's own: scoped to what the reader may see."""

import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from chatsite.accounts.models import User
from conversations.models import Conversation
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


def find_origins(reader: User, conversations: Iterable[Conversation]) -> set[uuid.UUID]:
    """Return the conversations from which their owner deleted these, of which the reader may see
    them. No query where none was deleted so.
    """
    ids = {each.deleted_from for each in conversations if each.deleted_from}
    if not ids:
        return set()
    return set(reviews_for(reader).filter(pk__in=ids).values_list("pk", flat=True))


def list_deleted_parts(reader: User, conversation: Conversation) -> list[Review]:
    """Return what its owner has deleted of it and a hold keeps, for those who may see holds."""
    if not conversation.is_held or not reader.has_perm(SEE_HOLDS):
        return []
    parts = reviews_for(reader).filter(conversation__deleted_from=conversation.pk)
    return list(parts.order_by("conversation__deleted_below", "pk"))


def review_for(reader: User, conversation_id: uuid.UUID) -> Review:
    return get_object_or_404(
        reviews_for(reader).select_related("conversation", "verdict", "assignee"),
        pk=conversation_id,
    )
