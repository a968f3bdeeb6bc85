"""A message of a conversation: what a user wrote, or a reply, whose life its status tells."""

from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.feedback import Feedback
from conversations.parameters.definitions import TEXT, read_format


class Message(models.Model):
    class Role(models.TextChoices):
        USER = "user", _("User")
        ASSISTANT = "assistant", _("Assistant")

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        STREAMING = "streaming", _("Streaming")
        COMPLETE = "complete", _("Complete")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")
        INTERRUPTED = "interrupted", _("Interrupted")

    class Instruction(models.TextChoices):
        SHORTER = "shorter", _("Shorter")
        LONGER = "longer", _("Longer")

    RUNNING = (Status.PENDING, Status.STREAMING)
    ENDED_EARLY = (Status.STOPPED, Status.INTERRUPTED)

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="messages", db_index=False
    )
    parent = models.ForeignKey(
        "self", models.DO_NOTHING, null=True, blank=True, related_name="children"
    )
    # Of those below it, the one whose branch was looked at last; none means the latest. It may name
    # one that is gone: walks look for it beneath its parent.
    shown_child = models.ForeignKey(
        "self",
        models.DO_NOTHING,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    role = models.CharField(_("role"), max_length=9, choices=Role.choices)
    text = models.TextField(_("text"), blank=True)
    # What the model is told with a user's message and pages don't show in it, since it changes from
    # one to the next: the date. Null for nothing.
    context_note = models.TextField(null=True, blank=True, editable=False)  # noqa: DJ001
    # How many files it has, null for none: those of messages without any are never asked for.
    file_count = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    # What the model wrote to itself before its answer: shown, and never sent to it again.
    reasoning = models.TextField(_("thinking"), blank=True)
    # The idempotency key (content.py): the same form sent twice makes one turn, or one version. The
    # reply of a turn has none.
    idempotency_key = models.CharField(  # noqa: DJ001
        max_length=64, null=True, blank=True, editable=False, db_column="turn_key"
    )
    status = models.CharField(
        _("status"), max_length=11, choices=Status.choices, default=Status.COMPLETE
    )

    # What follows is known of replies only.
    # Its words are its owner's, who has edited another version of it.
    is_edited = models.BooleanField(_("edited by its owner"), default=False)
    # What was asked for when it was had again, beside the messages above it.
    instruction = models.CharField(
        _("instruction"), max_length=8, choices=Instruction.choices, blank=True
    )
    # Null but of the second reply to a message that was sent to two models: two may run at once.
    slot = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    # What it was made with (parameters/effective.py); null where nothing but the model's defaults.
    parameters = models.JSONField(_("parameters"), null=True, blank=True, editable=False)
    # The model that was asked, as its catalog names it; null of replies from when there was one.
    # `model` is what answered, by its own account.
    requested_model = models.CharField(  # noqa: DJ001
        max_length=200, null=True, blank=True, editable=False
    )
    html = models.TextField(blank=True, editable=False)
    html_version = models.PositiveSmallIntegerField(default=0, editable=False)
    error_code = models.CharField(_("error"), max_length=32, blank=True)
    # Seconds after which trying again made sense, as told by the model's API.
    retry_after = models.FloatField(null=True, blank=True)
    finish_reason = models.CharField(_("finish reason"), max_length=32, blank=True)
    model = models.CharField(_("model"), max_length=200, blank=True)
    prompt_tokens = models.PositiveIntegerField(_("prompt tokens"), null=True, blank=True)
    cached_tokens = models.PositiveIntegerField(_("cached tokens"), null=True, blank=True)
    completion_tokens = models.PositiveIntegerField(_("completion tokens"), null=True, blank=True)
    cost_usd = models.DecimalField(
        _("cost in US dollars"), max_digits=12, decimal_places=8, null=True, blank=True
    )
    # The provider didn't say what the reply took, so the numbers above are our own.
    usage_estimated = models.BooleanField(_("usage is estimated"), default=False)
    # Of a reply that was continued: the characters of text and of thinking that it had, and the
    # tokens that it had read, when that began last. Null of all others.
    base_length = models.PositiveIntegerField(null=True, blank=True, editable=False)
    base_reasoning_length = models.PositiveIntegerField(null=True, blank=True, editable=False)
    base_prompt_tokens = models.PositiveIntegerField(null=True, blank=True, editable=False)
    # The message that it is a copy of, in another conversation: that one was counted.
    copied_from = models.BigIntegerField(null=True, blank=True, editable=False)
    # The oldest message that was sent along; null when all were.
    context_start = models.BigIntegerField(null=True, blank=True, editable=False)
    # The process that writes or wrote it: its boot id.
    writer = models.CharField(max_length=32, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    first_token_at = models.DateTimeField(_("first token"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("heartbeat"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["conversation", "id"], name="message_of_conversation"),
            # Few replies run at a time, so this index stays tiny.
            models.Index(
                fields=["status"],
                name="message_running",
                condition=models.Q(status__in=("pending", "streaming")),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "idempotency_key"], name="message_one_turn_a_form"
            ),
            # Two tabs can't both start a reply in one conversation.
            models.UniqueConstraint(
                F("conversation"),
                Coalesce(F("slot"), 0),
                name="message_one_running_reply_a_slot",
                condition=models.Q(status__in=("pending", "streaming")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.text[:60]}"

    @property
    def is_user(self) -> bool:
        return self.role == self.Role.USER

    @property
    def is_running(self) -> bool:
        return self.status in self.RUNNING

    @property
    def is_json(self) -> bool:
        """Whether it was asked for as JSON, which is shown as it is."""
        return read_format(self.parameters) != TEXT

    @property
    def is_continued(self) -> bool:
        """Whether several requests have made it: its usage is the sum, its times are the last's."""
        return self.base_length is not None

    @property
    def ended_token(self) -> str:
        """What tells how it stands from how it stood before it was continued; "" while it runs."""
        ended_at = self.finished_at
        return "" if self.is_running or ended_at is None else f"{ended_at.timestamp():.6f}"

    @property
    def takes_feedback(self) -> bool:
        """A reply that has ended and says something, in the model's words."""
        return not self.is_user and not self.is_running and not self.is_edited and bool(self.text)

    @property
    def given_feedback(self) -> Feedback | None:
        """None as well where it wasn't read along with the message."""
        found: Feedback | None = self._state.fields_cache.get("feedback")
        return found
