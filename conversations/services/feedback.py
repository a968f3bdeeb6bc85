"""What the owner of a conversation thinks of a reply: given, changed, taken back."""

import uuid

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from chatsite.core.locks import lock_user
from chatsite.core.storable import to_storable_text
from chatsite.databases.sqlite import secure_vacuum
from conversations import queries
from conversations.models import Feedback, Message
from conversations.signals import feedback_changed


class InvalidFeedbackError(UserFacingError):
    """It can't be taken so. What was given before stays."""

    status = 422


def give_feedback(
    *, owner: User, conversation_id: uuid.UUID, message_id: int, rating: str
) -> Message:
    """The first one, or another rating in its place: the comment stays, a reason only with the
    rating that it was given for. The same rating twice changes nothing.
    """
    check_rating(rating)
    with transaction.atomic():
        message, feedback = lock_feedback(owner, conversation_id, message_id)
        before = feedback.rating
        if before != rating:
            feedback.rating, feedback.reason = rating, ""
            save_feedback(feedback, before)
    return message


def explain_feedback(
    *,
    owner: User,
    conversation_id: uuid.UUID,
    message_id: int,
    rating: str,
    reason: str,
    comment: str,
) -> Message:
    """With why, which replaces what was said before."""
    check_rating(rating)
    reason, comment = clean_reason(reason), clean_comment(comment)
    with transaction.atomic():
        message, feedback = lock_feedback(owner, conversation_id, message_id)
        before, said_before = feedback.rating, feedback.comment
        feedback.rating, feedback.reason, feedback.comment = rating, reason, comment
        save_feedback(feedback, before)
        scrub_replaced_text(said_before, comment)
    return message


def take_back_feedback(*, owner: User, conversation_id: uuid.UUID, message_id: int) -> Message:
    """Nothing is left of it. What isn't there is taken back as well."""
    with transaction.atomic():
        message, feedback = lock_feedback(owner, conversation_id, message_id)
        if before := feedback.rating:
            Feedback.objects.filter(pk=message.pk).delete()
            scrub_replaced_text(feedback.comment, "")
            feedback_changed.send(Feedback, message=message, before=before, after="")
    return queries.get_message(owner, conversation_id, message_id)


def lock_feedback(
    owner: User, conversation_id: uuid.UUID, message_id: int
) -> tuple[Message, Feedback]:
    """The reply with what there is by now, or an empty one: two tabs come one after the other, and
    whoever deletes the conversation before or after.

    Raises Http404, also for what no feedback can be given on.
    """
    lock_user(owner.pk)
    message = queries.get_message(owner, conversation_id, message_id)
    if not message.takes_feedback:
        raise Http404
    feedback = message.given_feedback
    return message, feedback or Feedback(message=message, conversation_id=conversation_id)


def save_feedback(feedback: Feedback, before: str) -> None:
    feedback.changed_at = timezone.now()
    feedback.save(force_insert=not before, force_update=bool(before))
    feedback_changed.send(Feedback, message=feedback.message, before=before, after=feedback.rating)


def scrub_replaced_text(before: str, after: str) -> None:
    """Text that is gone is gone from the database's files too."""
    if before and before != after:
        transaction.on_commit(secure_vacuum.scrub_soon)


def check_rating(rating: str) -> None:
    if rating not in Feedback.Rating.values:
        raise InvalidFeedbackError(_("Choose “Good reply” or “Bad reply”."))


def clean_reason(reason: str) -> str:
    if reason and reason not in Feedback.Reason.values:
        raise InvalidFeedbackError(_("Choose one of the reasons, or none."))
    return reason


def clean_comment(comment: str) -> str:
    """As it is saved."""
    comment = to_storable_text(comment).strip()
    if len(comment) > Feedback.COMMENT_LENGTH:
        raise InvalidFeedbackError(
            _("A comment has at most %(most)s characters, and this one has %(count)s. Shorten it.")
            % {"most": f"{Feedback.COMMENT_LENGTH:,}", "count": f"{len(comment):,}"}
        )
    return comment
