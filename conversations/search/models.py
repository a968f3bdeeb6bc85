"""What search looks into: messages and titles, normalized so that case doesn't matter.

SQLite and PostgreSQL give the same answers because the normalizing is ours (`normalizing.py`). The
indexes over these tables are the database's own: see `review/migrations/0002_indexes.py`. A
document goes with its message by a trigger (`review/triggers.py`), as there are too many to be
collected in Python. The tables are called after the app that had them first.

Whose a row is says `owner_id`, as `owners.py` has it: none means that the row is from before the
index knew owners, and is read again by `reindexing.py`.
"""

from django.db import models

from conversations.models import Conversation, Message
from conversations.search.fields import GramsField


class MessageDocument(models.Model):
    message = models.OneToOneField(
        Message, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    owner_id = models.BigIntegerField(null=True)
    folded = models.TextField()
    grams = GramsField()

    class Meta:
        app_label = "review"
        default_permissions = ()
        indexes = [
            # The newest of one owner, and those whose owner isn't in the index yet.
            models.Index(fields=["owner_id", "message"], name="message_document_of_owner"),
        ]

    def __str__(self) -> str:
        return self.folded[:60]


class TitleDocument(models.Model):
    # An id of its own: SQLite's index needs a whole number.
    id = models.BigAutoField(primary_key=True)
    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="+")
    owner_id = models.BigIntegerField(null=True)
    folded = models.TextField()
    grams = GramsField()

    class Meta:
        app_label = "review"
        default_permissions = ()
        indexes = [models.Index(fields=["owner_id"], name="title_document_of_owner")]

    def __str__(self) -> str:
        return self.folded[:60]


class MessageDay(models.Model):
    """Between which ids all messages of a day are: a search within dates reads no others."""

    # In UTC.
    day = models.DateField(primary_key=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()

    class Meta:
        app_label = "review"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.day)


class Cleaning(models.Model):
    """Whether SQLite's search indexes may still hold what was deleted: one row, which triggers make
    (`search/compaction.py`).
    """

    # How many documents were deleted or changed; and how many had been when the last cleaning began
    # that came to its end.
    asked = models.PositiveBigIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)

    class Meta:
        app_label = "review"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.done} of {self.asked}"
