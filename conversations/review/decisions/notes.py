"""Notes of reviewers. They overwrite nothing, so they never get in each other's way."""

from django.db import transaction

from chatsite.accounts.models import User
from chatsite.core.locks import retry_on_conflict
from conversations.models import Message
from conversations.review.decisions import decisions
from conversations.review.models import Note, Review


@retry_on_conflict
@transaction.atomic
def add_note(*, review: Review, author: User, text: str, message: Message | None = None) -> Note:
    """Raises StaleVersionError when the conversation is gone, and OwnConversationError."""
    if decisions.is_own(review, author):
        raise decisions.OwnConversationError
    decisions.lock_review(review)
    return Note.objects.create(conversation_id=review.pk, message=message, text=text, author=author)


def delete_note(*, note: Note) -> None:
    note.delete()
