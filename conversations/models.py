"""Conversations and their messages, a tree: an edited message, and a reply that is had again, is a
sibling of the one before it.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.assistants.models import Assistant, AssistantPicture, AssistantVersion
from conversations.attachments.models import Attachment, RemovedContent
from conversations.feedback import Feedback
from conversations.folders import Folder
from conversations.instructions.models import InstructionPolicy, OwnInstructions
from conversations.messages import Message
from conversations.model_catalog.models import ChatModel
from conversations.model_requests import ModelRequest
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
