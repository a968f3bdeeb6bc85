"""Conversations and their messages, a tree: an edited message, and a reply that is had again, is a
sibling of the one before it.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.assistants.models import Assistant, AssistantPicture, AssistantVersion
from conversations.attachments.models import Attachment, RemovedContent
from conversations.feedback import Feedback
from conversations.folders import Folder
from conversations.instructions.models import InstructionPolicy, OwnInstructions
from conversations.model_catalog.models import ChatModel
from conversations.model_requests import ModelRequest
from conversations.parameters.definitions import TEXT, read_format
from conversations.parameters.models import ParameterPolicy
from conversations.prompt_library.models import SavedPrompt

__all__ = [
    "TITLE_LENGTH",
    "Assistant",
    "AssistantPicture",
    "AssistantVersion",
    "Attachment",
    "ChatModel",
    "Conversation",
    "Feedback",
    "InstructionPolicy",
    "Message",
    "ModelRequest",
    "OwnInstructions",
    "ParameterPolicy",
    "RemovedContent",
    "SavedPrompt",
]

TITLE_LENGTH = 120


class Conversation(models.Model):
    class TitleSource(models.TextChoices):
        FIRST_MESSAGE = "first_message", _("first words of the first message")
        MODEL = "model", _("the model")
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
    # What the system prompt was put together from (instructions/parts.py); null where the whole of
    # it is the site's, or an assistant's.
    prompt_parts = models.JSONField(null=True, blank=True, editable=False)
    # The assistant that it has, and which version of it; none for the site's instructions.
    assistant = models.ForeignKey(
        Assistant, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    assistant_version = models.ForeignKey(
        AssistantVersion, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Tokens that were counted of replies before this id say nothing of what is sent now: the model,
    # or the system prompt, was another one.
    counted_from = models.BigIntegerField(null=True, blank=True, editable=False)
    # The user's message whose two replies stand side by side until one is picked; it may be gone.
    compared = models.BigIntegerField(null=True, blank=True, editable=False)
    # The message that the shown branch ends with. DO_NOTHING here and on a message's parent: a
    # conversation goes in two statements, however long it is, and the constraints are checked when
    # they are through.
    leaf = models.ForeignKey("Message", models.DO_NOTHING, null=True, blank=True, related_name="+")
    pinned = models.BooleanField(_("pinned"), default=False)
    archived = models.BooleanField(_("archived"), default=False)
    folder = models.ForeignKey(
        Folder, models.SET_NULL, null=True, blank=True, related_name="conversations", db_index=False
    )
    # A reply ended, and no page has shown it since.
    has_unseen_reply = models.BooleanField(_("unseen reply"), default=False, editable=False)
    # Its owner has deleted it and can still undo that; services/deletion.py deletes it for good.
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)
    # Of messages that were deleted from another conversation: which that was, and below which of
    # its messages they stood; none where they were its beginning.
    deleted_from = models.UUIDField(null=True, blank=True, editable=False)
    deleted_below = models.BigIntegerField(null=True, blank=True, editable=False)
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
            # The list, without what is in a folder; and a folder's page.
            models.Index(
                fields=["owner", "archived", "-last_activity_at", "-id"],
                name="conversation_in_no_folder",
                condition=models.Q(folder=None),
            ),
            models.Index(
                fields=["folder", "-last_activity_at", "-id"],
                name="conversation_in_folder",
                condition=models.Q(folder__isnull=False),
            ),
            # Those of a few seconds.
            models.Index(
                fields=["deleted_at"],
                name="conversation_deleted",
                condition=models.Q(deleted_at__isnull=False),
            ),
            models.Index(
                fields=["deleted_from"],
                name="conversation_part",
                condition=models.Q(deleted_from__isnull=False),
            ),
            # An assistant's page, its erasure, and which ones somebody uses.
            models.Index(
                fields=["assistant", "owner", "-last_activity_at", "-id"],
                name="conversation_with_assistant",
                condition=models.Q(assistant__isnull=False),
            ),
            # Few are pinned.
            models.Index(
                fields=["owner"],
                name="conversation_pinned",
                condition=models.Q(pinned=True),
            ),
            models.Index(
                fields=["owner"],
                name="conversation_unseen",
                condition=models.Q(has_unseen_reply=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("conversations:detail", args=[self.pk])

    @property
    def assistant_parameters(self) -> dict[str, Any]:
        """Those of its version of its assistant."""
        version = self.assistant_version
        return version.parameters if version else {}


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
        Conversation, models.CASCADE, related_name="messages", db_index=False
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
