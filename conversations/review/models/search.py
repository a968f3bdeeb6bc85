"""What search looks into: messages and titles, folded so that case doesn't matter.

SQLite and PostgreSQL give the same answers because the folding is ours (`search/folding.py`). The
indexes over these tables are the database's own: see `migrations/0002_indexes.py`. A document goes
with its message by a trigger (`triggers.py`), as there are too many to be collected in Python.
"""

from django.db import models

from conversations.models import Conversation, Message
from conversations.review.models.grams import GramsField


class MessageDocument(models.Model):
    message = models.OneToOneField(
        Message, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    folded = models.TextField()
    grams = GramsField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.folded[:60]


class TitleDocument(models.Model):
    # An id of its own: SQLite's index needs a whole number.
    id = models.BigAutoField(primary_key=True)
    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="+")
    folded = models.TextField()
    grams = GramsField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.folded[:60]


class MessageDay(models.Model):
    """Between which ids all messages of a day are: a search within dates reads no others."""

    # In UTC.
    day = models.DateField(primary_key=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.day)


class Cleaning(models.Model):
    """Whether SQLite's search indexes may still hold what was deleted: one row, which triggers make
    (`services/index_cleaning.py`).
    """

    # How many documents were deleted or changed; and how many had been when the last cleaning began
    # that came to its end.
    asked = models.PositiveBigIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.done} of {self.asked}"


class Change(models.Model):
    """Something that happened to a conversation and isn't taken account of yet; triggers write it
    down in the transaction in which it happens.
    """

    class Kind(models.TextChoices):
        # A message was sent, or a reply ended.
        FINISHED = "finished"
        # What a reply took became known, at its end or after it.
        USAGE = "usage"
        # Its text alone is to be looked at once more: it was counted before.
        TEXT = "text"
        # The conversation itself: its title, its owner.
        CONVERSATION = "talk"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    conversation = models.ForeignKey(
        Conversation, models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    message = models.ForeignKey(
        Message, models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False, null=True
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind}: {self.conversation_id}"
