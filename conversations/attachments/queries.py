"""Reads of files, scoped to their owner: somebody else's doesn't exist for them."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Max, Prefetch, Q, QuerySet, Sum, prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.utils import timezone

from chatsite.accounts.budgets.storage_use import StorageUse
from chatsite.accounts.models import User
from conversations.attachments.limits import read_limits_of
from conversations.attachments.models import Attachment
from conversations.models import Message

# The slowest upload that a message waits for.
UPLOAD_TIME = timedelta(minutes=30)


def list_own_files(user: User) -> QuerySet[Attachment]:
    """Return a user's files but for those of conversations that they have deleted; without their
    text, which is long.
    """
    shown = Q(conversation=None) | Q(conversation__deleted_at=None)
    return Attachment.objects.filter(shown, owner=user).defer("text")


def get_file(user: User, file_id: uuid.UUID) -> Attachment:
    """Return a file, whole and sent or not. Raises Http404."""
    return get_object_or_404(list_own_files(user).exclude(content_key=""), pk=file_id)


def get_unsent_file(user: User, file_id: uuid.UUID) -> Attachment:
    """Return a file that isn't in a message yet; some of it may not have come. Raises Http404."""
    return get_object_or_404(list_own_files(user), pk=file_id, message=None)


def list_unsent_files(user: User, draft: str) -> QuerySet[Attachment]:
    """Return those that wait in one box, as far as all of them is there, in their order."""
    unsent = list_own_files(user).filter(message=None, draft=draft).exclude(content_key="")
    return unsent.order_by("created_at", "id")


def list_waiting(user: User) -> QuerySet[Attachment]:
    """Return what counts as about to be sent: files that are whole, and uploads that may still be
    under way. The tab of an older one is gone.
    """
    recent = timezone.now() - UPLOAD_TIME
    under_way = Q(content_key="", created_at__gte=recent)
    return Attachment.objects.filter(~Q(content_key="") | under_way, owner=user, message=None)


def load_files(messages: Iterable[Message], *, with_text: bool = False) -> None:
    """Read the files of messages, in a query where there are any; their text, which is long, only
    where it is needed.
    """
    with_files = [message for message in messages if message.file_count]
    files = Attachment.objects.all() if with_text else Attachment.objects.defer("text")
    prefetch_related_objects(with_files, Prefetch("attachments", files))


def measure_storage(user: User) -> StorageUse:
    """Return what a user's files take, and how much they may."""
    return StorageUse(sum_sizes(user), read_limits_of(user).user_size)


def sum_sizes(user: User) -> int:
    """Return the bytes that a user's files take: what is kept once counts once, and what has been
    announced counts as if it were there.
    """
    own = Attachment.objects.filter(owner=user).order_by()
    kept = own.exclude(content_key="").values("content_key").annotate(size_kept=Max("stored_size"))
    announced = list_waiting(user).filter(content_key="").aggregate(total=Sum("size"))["total"]
    return (kept.aggregate(total=Sum("size_kept"))["total"] or 0) + (announced or 0)
