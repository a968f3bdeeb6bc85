"""Finding the second of two replies that are compared, and picking one."""

import uuid

from django.db import transaction
from django.http import Http404

from chatsite.accounts.models import User
from chatsite.core.locks import lock_user
from conversations import queries
from conversations.comparisons.variants import Variant, read_carried
from conversations.model_catalog import catalog
from conversations.models import Conversation, Message
from conversations.services import versions
from conversations.services.replies import cancellation

SECOND = 1
"""The slot of the second reply; the first has none, as any other."""


def read_variant(owner: User, carried: str) -> Variant | None:
    """Return what a composer carries; None where nothing is compared. Raises InvalidVariantError,
    ModelUnavailableError.
    """
    variant = read_carried(owner, carried)
    if variant and variant.model:
        catalog.choose_model(owner, variant.model)
    return variant


def find_second_reply(conversation: Conversation, first: Message) -> Message | None:
    """Return the reply that stands beside the last one of the shown branch, if two are compared."""
    if first.parent_id is None or first.parent_id != conversation.compared:
        return None
    beside = conversation.messages.filter(parent=first.parent_id, slot=SECOND).exclude(pk=first.pk)
    return beside.select_related("feedback").order_by("-pk").first()


def pick_reply(*, owner: User, conversation_id: uuid.UUID, message_id: int) -> Conversation:
    """Goes on with a reply; what is still written beside it is stopped, unless one was picked
    before, in another tab: that one stays as it is. Raises Http404.
    """
    with transaction.atomic():
        lock_user(owner.pk)
        reply = queries.get_message(owner, conversation_id, message_id)
        if reply.is_user:
            raise Http404
        is_first_pick = reply.conversation.compared == reply.parent_id
        conversation = versions.show_version(
            owner=owner, conversation_id=conversation_id, message_id=message_id
        )
    if is_first_pick:
        running = queries.list_running_replies(conversation)
        cancellation.stop_replies(
            [each for each in running if each.pk != reply.pk and each.parent_id == reply.parent_id]
        )
    return conversation
