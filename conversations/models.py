"""Conversations and their messages, a tree: a retried reply is a sibling of the one before it."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TITLE_LENGTH = 120


class Conversation(models.Model):
    class TitleSource(models.TextChoices):
        FIRST_MESSAGE = "first_message", _("first words of the first message")
        USER = "user", _("the user")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Nobody's when its owner has deleted it while it was held: then it is in no list of the chat.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="conversations",
        db_index=False,
    )
    # Under a legal hold: whatever deletes it takes it from its owner instead.
    is_held = models.BooleanField(_("held"), default=False, editable=False)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    title_source = models.CharField(
        max_length=16, choices=TitleSource.choices, default=TitleSource.FIRST_MESSAGE
    )
    system_prompt = models.TextField(_("system prompt"), blank=True)
    model = models.CharField(_("model"), max_length=200)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    # The message that the shown branch ends with. DO_NOTHING here and on a message's parent: a
    # conversation goes in two statements, however long it is, and the constraints are checked when
    # they are through.
    leaf = models.ForeignKey("Message", models.DO_NOTHING, null=True, blank=True, related_name="+")
    pinned = models.BooleanField(_("pinned"), default=False)
    archived = models.BooleanField(_("archived"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    last_activity_at = models.DateTimeField(_("last activity"), default=timezone.now)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-last_activity_at", "-id"]
        indexes = [
            models.Index(
                fields=["owner", "archived", "-last_activity_at", "-id"],
                name="conversation_of_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("conversations:detail", args=[self.pk])


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

    RUNNING = (Status.PENDING, Status.STREAMING)
    ENDED_EARLY = (Status.STOPPED, Status.INTERRUPTED)

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="messages", db_index=False
    )
    parent = models.ForeignKey(
        "self", models.DO_NOTHING, null=True, blank=True, related_name="children"
    )
    role = models.CharField(_("role"), max_length=9, choices=Role.choices)
    text = models.TextField(_("text"), blank=True)
    # What the model wrote to itself before its answer: shown, and never sent to it again.
    reasoning = models.TextField(_("thinking"), blank=True)
    # The idempotency key (content.py): the same form sent twice makes one turn; replies have none.
    turn_key = models.CharField(max_length=64, null=True, blank=True, editable=False)  # noqa: DJ001
    status = models.CharField(
        _("status"), max_length=11, choices=Status.choices, default=Status.COMPLETE
    )

    # What follows is known of replies only.
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
                fields=["conversation", "turn_key"], name="message_one_turn_a_form"
            ),
            # Two tabs can't both start a reply in one conversation.
            models.UniqueConstraint(
                fields=["conversation"],
                name="message_one_running_reply",
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
    def takes_feedback(self) -> bool:
        """A reply that has ended and says something."""
        return not self.is_user and not self.is_running and bool(self.text)

    @property
    def given_feedback(self) -> "Feedback | None":
        """None as well where it wasn't read along with the message."""
        found: Feedback | None = self._state.fields_cache.get("feedback")
        return found


class Feedback(models.Model):
    """What the owner thinks of a reply; changed and taken back as they like."""

    COMMENT_LENGTH = 2000

    class Rating(models.TextChoices):
        UP = "up", _("Good reply")
        DOWN = "down", _("Bad reply")

    class Reason(models.TextChoices):
        WRONG = "wrong", _("Not correct")
        UNHELPFUL = "unhelpful", _("Not what I asked for")
        INCOMPLETE = "incomplete", _("Incomplete")
        HARMFUL = "harmful", _("Harmful or offensive")
        OTHER = "other", _("Something else")

    # It goes with the conversation; messages don't go one by one.
    message = models.OneToOneField(
        Message, models.DO_NOTHING, primary_key=True, related_name="feedback"
    )
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="feedback")
    rating = models.CharField(_("rating"), max_length=4, choices=Rating.choices)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    comment = models.TextField(_("comment"), blank=True, max_length=COMMENT_LENGTH)
    created_at = models.DateTimeField(_("given"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")

    def __str__(self) -> str:
        return self.get_rating_display()
