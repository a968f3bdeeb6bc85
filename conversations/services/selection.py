"""What is done to several conversations at once, in as many statements as to one.

Each takes whatever ids it is given and returns those that it has changed: what isn't the owner's,
or isn't there any more, is left out.
"""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from chatsite.accounts.models import User
from chatsite.core.locks import lock_user, retry_on_conflict
from conversations import queries
from conversations.models import Conversation, Message
from conversations.services.change_feed import publish_change
from conversations.services.model_titles import cancel_title
from conversations.services.replies.channel import get_channel

# As many as a page lists.
MAX_SELECTED = 200

type Ids = list[uuid.UUID]


def archive_conversations(*, owner: User, ids: Collection[uuid.UUID], archived: bool) -> Ids:
    """Takes them out of the list, or puts them there again."""
    with transaction.atomic():
        lock_user(owner.pk)
        found = queries.list_own(owner).filter(pk__in=ids, archived=not archived)
        return update_listed(owner, found, archived=archived)


def move_conversations(
    *, owner: User, ids: Collection[uuid.UUID], folder_id: uuid.UUID | None
) -> tuple[Ids, set[uuid.UUID | None]]:
    """Puts them into a folder of their owner, or into none; returns as well in which they were.
    Raises Http404.
    """
    with transaction.atomic():
        lock_user(owner.pk)
        folder = queries.get_folder(owner, folder_id) if folder_id else None
        found = queries.list_own(owner).filter(pk__in=ids).order_by()
        earlier = dict(found.values_list("pk", "folder_id"))
        change_listed(owner, list(earlier), folder=folder)
        return list(earlier), set(earlier.values())


@retry_on_conflict
def mark_conversations_deleted(*, owner: User, ids: Collection[uuid.UUID]) -> Ids:
    """Hides them from everybody, and stops the replies that are being written in them."""
    with transaction.atomic():
        # Sending a message takes the same lock.
        lock_user(owner.pk)
        changed = update_listed(
            owner, queries.list_own(owner).filter(pk__in=ids), deleted_at=timezone.now()
        )
        found = Message.objects.filter(conversation__in=changed, status__in=Message.RUNNING)
        running = list(found.values_list("pk", flat=True))
    for message_id in running:
        get_channel().cancel_reply(message_id, Message.Status.STOPPED)
    for conversation_id in changed:
        cancel_title(conversation_id)
    return changed


def restore_conversations(*, owner: User, ids: Collection[uuid.UUID]) -> Ids:
    """Undoes a deletion, for those that are still there."""
    with transaction.atomic():
        lock_user(owner.pk)
        deleted = Conversation.objects.filter(owner=owner, pk__in=ids, deleted_at__isnull=False)
        return update_listed(owner, deleted, deleted_at=None)


def change_listed(owner: User, ids: Ids, **values: object) -> None:
    Conversation.objects.filter(pk__in=ids).update(**values)
    publish_change(owner.pk)


def update_listed(owner: User, found: QuerySet[Conversation], **values: object) -> Ids:
    ids = list(found.order_by().values_list("pk", flat=True))
    change_listed(owner, ids, **values)
    return ids
