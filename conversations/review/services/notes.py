"""Notes of reviewers. They overwrite nothing, so they never get in each other's way."""

from chatsite.accounts.models import User
from conversations.models import Message
from conversations.review.models import Note, Review


def add(*, review: Review, author: User, text: str, message: Message | None = None) -> Note:
    return Note.objects.create(conversation_id=review.pk, message=message, text=text, author=author)


def delete(*, note: Note) -> None:
    note.delete()
