"""Taking a message and all that follows it out of its conversation, and putting it back.

What is taken out becomes a conversation of its own that was deleted at that moment: whatever leaves
deleted conversations out, and deletes them in time or keeps them under a hold, does so with it.
Called in a transaction, under the lock of the owner.
"""

from django.db.models import Max
from django.utils import timezone

from conversations import tree
from conversations.models import Attachment, Conversation, Feedback, Message
from conversations.services import versions
from conversations.signals import messages_moved


def take_out_subtree(root: Message) -> Conversation:
    """Returns what the message and all below it are now; what is shown in their place is the other
    version that was looked at last, or else ends with the message above.
    """
    conversation = root.conversation
    part = Conversation.objects.create(
        owner_id=conversation.owner_id,
        is_held=conversation.is_held,
        title=conversation.title,
        title_source=conversation.title_source,
        system_prompt=conversation.system_prompt,
        model=conversation.model,
        parameters=conversation.parameters,
        prompt_parts=conversation.prompt_parts,
        assistant_id=conversation.assistant_id,
        assistant_version_id=conversation.assistant_version_id,
        counted_from=conversation.counted_from,
        created_at=conversation.created_at,
        last_activity_at=conversation.last_activity_at,
        deleted_at=timezone.now(),
        deleted_from=conversation.pk,
        deleted_below=root.parent_id,
    )
    # Without their keys, so that the same may be asked for again and all of it be put back.
    tree.list_subtree(root).update(conversation=part, idempotency_key=None)
    part.messages.filter(pk=root.pk).update(parent=None)
    is_shown = part.messages.filter(pk__in=[conversation.leaf_id]).exists()
    part.leaf_id = conversation.leaf_id if is_shown else tree.find_path_through(part, root.pk)[-1]
    part.save(update_fields=["leaf"])
    if is_shown:
        conversation.leaf_id = find_leaf_instead(conversation, root)
    if conversation.compared in (root.pk, root.parent_id):
        # Nothing is left beside the other.
        conversation.compared = None
    conversation.save(update_fields=["leaf", "compared"])
    move_along(conversation, part)
    return part


def find_leaf_instead(conversation: Conversation, taken: Message) -> int | None:
    """Return where the shown branch ends without a message that was on it."""
    start = taken.parent_id
    if start is None:
        beginnings = conversation.messages.filter(parent=None)
        start = beginnings.aggregate(latest=Max("pk"))["latest"]
    return tree.find_path_through(conversation, start)[-1] if start else None


def put_back_subtree(part: Conversation) -> Conversation | None:
    """Puts it back where it was, and shows it; returns the conversation, None if that is gone.

    Where the message above was deleted later, with all that followed it, or the conversation, that
    comes back as well.
    """
    original = Conversation.objects.filter(pk__in=[part.deleted_from], owner=part.owner_id).first()
    if original is None:
        return None
    above = part.deleted_below
    if above and not original.messages.filter(pk=above).exists():
        parts = Conversation.objects.filter(deleted_from=original.pk, deleted_at__isnull=False)
        later = parts.filter(messages=above).exclude(pk=part.pk).first()
        if later is None or put_back_subtree(later) is None:
            return None
        original.refresh_from_db()
    part.messages.filter(parent=None).update(parent=above)
    part.messages.update(conversation=original)
    move_along(part, original)
    Conversation.objects.filter(pk=original.pk).update(deleted_at=None)
    original.deleted_at = None
    if part.leaf_id:
        versions.show_branch(original, part.leaf_id)
    Conversation.objects.filter(pk=part.pk).delete()
    return original


def move_along(source: Conversation, target: Conversation) -> None:
    """Moves what hangs on messages that have been moved: their feedback, their files, and what
    others know.
    """
    feedback = Feedback.objects.filter(conversation=source, message__conversation=target)
    feedback.update(conversation=target)
    files = Attachment.objects.filter(conversation=source, message__conversation=target)
    files.update(conversation=target)
    messages_moved.send(sender=Message, source=source, target=target)
