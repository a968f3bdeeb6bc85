"""The outbox: what happened to conversations, for what follows from it."""

from django.db import models
from django.db.models.functions import Now

from conversations.models import Conversation, Message


class Change(models.Model):
    """An event of the outbox: what happened to a conversation, not processed yet; triggers write it
    down in the transaction in which it happens.
    """

    class Kind(models.TextChoices):
        # A message was sent, or a reply ended.
        FINISHED = "finished"
        # A reply that had ended is being continued; and that ended as well.
        REOPENED = "reopened"
        ENDED_AGAIN = "again"
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

    # The database's own time, as it is the database that writes this.
    created_at = models.DateTimeField(db_default=Now())

    # How a reply ended, and by which model; of one that is being continued, how it had ended.
    # Empty in events of a release before this one: as the message says.
    status = models.CharField(max_length=11, default="", db_default="")
    model = models.CharField(max_length=200, default="", db_default="")

    # Of usage: what was added to what the reply had taken before.
    prompt_tokens = models.IntegerField(null=True)
    completion_tokens = models.IntegerField(null=True)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=8, null=True)

    class Meta:
        app_label = "review"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind}: {self.conversation_id}"
