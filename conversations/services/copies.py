"""Continuing in a new conversation: the branch up to a message, copied (decision 0034).

What is copied was counted where it was written: copies have no usage, and the outbox takes them for
texts to be looked at (`Message.copied_from`). Written in pieces, so that a long branch needs little
memory and few statements.
"""

import uuid
from datetime import timedelta
from itertools import batched

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.clocks import around
from chatsite.core.locks import lock_user
from conversations import queries, tree
from conversations.attachments import sending
from conversations.models import Conversation, Message
from conversations.services.change_feed import publish_change
from conversations.services.turn_checks import TurnRefusedError

BATCH = 200
# A form that is sent twice within this time makes one copy, unless something was added to it.
ONCE = timedelta(seconds=10)
COPIED = (
    *(
        "role",
        "text",
        "file_count",
        "reasoning",
        "status",
        "is_edited",
        "instruction",
        "html",
        "error_code",
    ),
    *(
        "finish_reason",
        "model",
        "requested_model",
        "context_note",
        "parameters",
        "context_start",
        "created_at",
        "started_at",
        "first_token_at",
    ),
    "finished_at",
)
# Each message below the one before.
CHAIN = """
UPDATE conversations_message SET parent_id = chain.above FROM (
    SELECT id, LAG(id) OVER (ORDER BY id) AS above FROM conversations_message
    WHERE conversation_id = %s
) chain WHERE chain.id = conversations_message.id
"""


def copy_branch(*, owner: User, conversation_id: uuid.UUID, message_id: int) -> Conversation:
    """Returns a new conversation with the messages up to this one. Raises Http404,
    TurnRefusedError.
    """
    with transaction.atomic():
        lock_user(owner.pk)
        message = queries.get_message(owner, conversation_id, message_id)
        if message.is_running:
            raise TurnRefusedError(_("This reply is still being written. Wait for it or stop it."))
        moments = around(timezone.now(), ONCE)
        recent = queries.list_own(owner).filter(last_activity_at__range=moments)
        if made := recent.filter(leaf__copied_from=message.pk).first():
            return made
        original = message.conversation
        copy = Conversation.objects.create(
            owner=owner,
            title=original.title,
            title_source=original.title_source,
            system_prompt=original.system_prompt,
            model=original.model,
            parameters=original.parameters,
            prompt_parts=original.prompt_parts,
            assistant_id=original.assistant_id,
            assistant_version_id=original.assistant_version_id,
            folder_id=original.folder_id,
        )
        copy_messages(original, message, copy)
        publish_change(owner.pk)
    return copy


def copy_messages(original: Conversation, last: Message, copy: Conversation) -> None:
    branch = tree.list_branch(original, last.pk).order_by("pk")
    for ids in batched(list(branch.values_list("pk", flat=True)), BATCH):
        found = Message.objects.filter(pk__in=ids).order_by("pk")
        Message.objects.bulk_create(
            Message(
                conversation=copy,
                copied_from=each.pk,
                **{name: getattr(each, name) for name in COPIED},
            )
            for each in found
        )
    with connection.cursor() as cursor:
        cursor.execute(CHAIN, [tree.stored_id(copy.pk)])
    new_ids = dict(copy.messages.values_list("copied_from", "pk"))
    with_files = copy.messages.filter(file_count__gt=0).order_by()
    sending.copy_all_files({each.copied_from: each for each in with_files if each.copied_from})
    starts = copy.messages.filter(context_start__isnull=False).order_by()
    for start in set(starts.values_list("context_start", flat=True)):
        copy.messages.filter(context_start=start).update(context_start=new_ids.get(start))
    copy.leaf_id = new_ids[last.pk]
    copy.save(update_fields=["leaf"])
