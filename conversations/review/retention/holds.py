"""Legal holds: placed, and released.

A held conversation is never deleted. Should its owner delete it, or their account, it is taken from
them instead, which for them looks the same; the hold remembers whose it was, and releasing it
deletes the conversation.

Whoever places or releases one takes the lock that sending and deleting take, so that a conversation
is either held or gone.
"""

import contextlib
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from chatsite.core.locks import lock_user
from chatsite.databases.sqlite import secure_vacuum
from conversations.models import Conversation
from conversations.review.models import Hold, Review


class HoldRefusedError(UserFacingError):
    """It can't be placed or released."""


def put_hold(*, conversation: Conversation, reason: str, by: User) -> Hold:
    reason = " ".join(reason.replace("\x00", "").split())
    if not reason:
        raise HoldRefusedError(_("Say why it is held: whoever sees the hold later will ask."))
    if len(reason) > Hold.REASON_LENGTH:
        raise HoldRefusedError(
            _("A reason has at most %(length)d characters. Shorten it.")
            % {"length": Hold.REASON_LENGTH}
        )
    refuse_own(conversation, by)
    with transaction.atomic():
        current = lock_conversation(conversation)
        if current is None or current.owner is None or current.deleted_at:
            raise HoldRefusedError(_("The conversation was deleted meanwhile. Nothing is held."))
        if current.is_held:
            raise HoldRefusedError(_("It is held already, since a moment ago perhaps."))
        owner = current.owner
        hold = Hold.objects.create(
            conversation=current,
            reason=reason,
            placed_by=by,
            owner_username=owner.username,
            owner_name=owner.name,
            owner_email=owner.email,
        )
        Conversation.objects.filter(pk=current.pk).update(is_held=True)
    return hold


def release_hold(*, conversation: Conversation, by: User | None = None) -> bool:
    """Whether the conversation was erased with it, because its owner had deleted it."""
    refuse_own(conversation, by)
    with transaction.atomic():
        current = lock_conversation(conversation)
        if current is None or not current.is_held:
            raise HoldRefusedError(_("It isn’t held any more. Nothing was changed."))
        Hold.objects.filter(conversation=current).delete()
        release_parts(current)
        if current.owner_id is not None:
            Conversation.objects.filter(pk=current.pk).update(is_held=False)
            return False
        current.delete()
        # The index is cleaned of it by the thread that follows: on a large site that takes long.
        transaction.on_commit(secure_vacuum.scrub_soon)
    return True


def on_messages_moved(*, source: Conversation, target: Conversation, **_signal: Any) -> None:
    """What its owner deletes of a held conversation is held as the rest is, by a hold of its own;
    what they put back needs none.
    """
    hold = Hold.objects.filter(conversation=source).first()
    if hold and source.pk == target.deleted_from:
        hold.pk, hold.conversation = None, target
        hold.save(force_insert=True)


def release_parts(conversation: Conversation) -> None:
    """Releases what its owner has deleted of a held conversation: it is erased, at once or as soon
    as it can't be undone any more.
    """
    parts = Conversation.objects.filter(deleted_from=conversation.pk, is_held=True)
    Hold.objects.filter(conversation__in=parts).delete()
    deleted, _counts = parts.filter(owner=None).delete()
    parts.update(is_held=False)
    if deleted:
        transaction.on_commit(secure_vacuum.scrub_soon)


def refuse_own(conversation: Conversation, by: User | None) -> None:
    """A hold keeps evidence: whom it may be against does not place or release it."""
    review = Review.objects.filter(pk=conversation.pk).first()
    if by and review and review.person == by.pseudonym:
        raise HoldRefusedError(
            _("It is your own conversation: somebody else has to do that. Nothing was changed.")
        )


def lock_conversation(conversation: Conversation) -> Conversation | None:
    """As it is now, and stays until the transaction ends; None when it is gone."""
    if conversation.owner_id is not None:
        # They may have been erased meanwhile: what was held is nobody's now.
        with contextlib.suppress(User.DoesNotExist):
            lock_user(conversation.owner_id)
    found = Conversation.objects.select_for_update(of=("self",)).select_related("owner")
    return found.filter(pk=conversation.pk).first()
