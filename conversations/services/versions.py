"""Versions: which branch of a conversation is shown, and a reply's text edited by its owner.

Nothing is overwritten. A message that is edited, and a reply that is had again, gets a sibling;
what was there before stays as another version, with all that follows it.
"""

import uuid

from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from chatsite.core.locks import lock_user
from conversations import content, queries, rendering, tree
from conversations.model_catalog.catalog import get_context_budget
from conversations.models import Conversation, Message
from conversations.services.replies.highlighting import ReplyHighlighting, highlight_saved
from conversations.services.replies.renderings import render_reply

# Every fork from one message down to a leaf remembers the child that leads there.
REMEMBER = """
WITH RECURSIVE branch (id, parent_id) AS (
    SELECT id, parent_id FROM conversations_message WHERE id = %s AND conversation_id = %s
    UNION ALL
    SELECT message.id, message.parent_id
    FROM conversations_message message JOIN branch ON message.id = branch.parent_id
    WHERE message.id > %s
)
UPDATE conversations_message SET shown_child_id = branch.id FROM branch
WHERE conversations_message.id = branch.parent_id AND EXISTS (
    SELECT 1 FROM conversations_message sibling
    WHERE sibling.parent_id = branch.parent_id AND sibling.id <> branch.id
)
"""


class VersionRefusedError(UserFacingError):
    """No version can be made now."""


def show_version(*, owner: User, conversation_id: uuid.UUID, message_id: int) -> Conversation:
    """Shows the branch that holds a message: below it, the one looked at last. Raises Http404."""
    with transaction.atomic():
        lock_user(owner.pk)
        conversation = queries.get_conversation(owner, conversation_id)
        path = tree.find_path_through(conversation, message_id)
        if not path:
            raise Http404
        show_branch(conversation, path[-1])
    return conversation


def show_branch(conversation: Conversation, leaf: int, *, is_activity: bool = False) -> None:
    """Makes the branch that ends with this message the shown one, here and on every device. Replies
    that stood side by side are compared no more: one of them has been picked, or another branch.
    """
    shown, conversation.leaf_id = conversation.leaf_id, leaf
    conversation.compared = None
    if is_activity:
        conversation.last_activity_at = timezone.now()
    conversation.save(update_fields=["leaf", "last_activity_at", "compared"])
    if shown is None or shown == leaf:
        return
    fork = tree.find_fork(conversation.pk, shown, leaf)
    if fork != shown:
        with connection.cursor() as cursor:
            cursor.execute(REMEMBER, [leaf, tree.stored_id(conversation.pk), fork or 0])


def edit_reply(
    *, owner: User, conversation_id: uuid.UUID, message_id: int, text: str, token: str
) -> Message:
    """Makes a version of a reply with the words of its owner, which the model reads from then on.

    The same form sent twice makes one. Raises Http404, VersionRefusedError, InvalidMessageError.
    """
    with transaction.atomic():
        lock_user(owner.pk)
        reply = queries.get_message(owner, conversation_id, message_id)
        conversation = reply.conversation
        if reply.is_user or reply.is_running:
            raise Http404
        text = content.clean_message(
            text, system_prompt=conversation.system_prompt, budget=get_context_budget(conversation)
        )
        key = content.make_idempotency_key(f"edit {reply.pk} {token}", text)
        if made := conversation.messages.filter(idempotency_key=key).first():
            return made
        if queries.list_running_replies(conversation):
            raise VersionRefusedError(
                _("A reply is still being written. Wait for it or stop it, then save this again.")
            )
        edited = conversation.messages.create(
            parent_id=reply.parent_id,
            role=Message.Role.ASSISTANT,
            text=text,
            is_edited=True,
            idempotency_key=key,
        )
        show_branch(conversation, edited.pk, is_activity=True)
    render_edited(edited)
    return edited


def render_edited(edited: Message) -> None:
    """Saves its HTML, with the colours of its code as far as they come in time."""
    html = render_reply(edited.pk, edited.text)
    edited.html, edited.html_version = html, rendering.VERSION
    edited.save(update_fields=["html", "html_version"])
    highlighting = ReplyHighlighting(edited.conversation.owner_id, on_arrival=lambda: None)
    highlight_saved(edited.pk, highlighting, html)
    edited.html = highlighting.insert(html)
