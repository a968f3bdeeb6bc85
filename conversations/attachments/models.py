"""Files that are sent with messages, and which bytes are to be removed."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NAME_LENGTH = 200


class Attachment(models.Model):
    """A file of a message, or one that waits to be sent with the next.

    Its bytes are named by `content_key`, which all rows share whose owner and content are the same:
    an edited message and a copied conversation have rows of their own, and no bytes.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", pgettext_lazy("kind of file", "Image")
        PDF = "pdf", pgettext_lazy("kind of file", "PDF")
        TEXT = "text", pgettext_lazy("kind of file", "Text")
        DOCUMENT = "document", pgettext_lazy("kind of file", "Document")

    class SentAs(models.TextChoices):
        """What the model gets of a file."""

        WHOLE = "whole", pgettext_lazy("what is sent of a file", "Whole")
        TEXT = "text", pgettext_lazy("what is sent of a file", "Text only")
        PAGES = "pages", pgettext_lazy("what is sent of a file", "First pages")
        LOW_DETAIL = "low", pgettext_lazy("what is sent of a file", "Low detail")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # As a conversation's: nobody's when it was taken from its owner, because it was held.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="attachments"
    )
    # Of a file that was not sent yet: the box it is to be sent from, as drafts are named.
    draft = models.CharField(max_length=64, blank=True, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, null=True, related_name="attachments"
    )
    # It goes with the conversation; messages don't go one by one.
    message = models.ForeignKey(
        "conversations.Message", models.DO_NOTHING, null=True, related_name="attachments"
    )
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    # Bytes: of the whole file, and of those how many have come.
    size = models.PositiveBigIntegerField(_("size"))
    received = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)

    # What follows is known once the whole file was read; until then the key is "".
    content_key = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    # What is kept beside the file as it came, or in its place: name → [media type, bytes].
    outputs = models.JSONField(default=dict, blank=True, editable=False)
    # All that is kept, in bytes.
    stored_size = models.PositiveBigIntegerField(default=0, editable=False)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    text = models.TextField(blank=True)
    # About how many tokens the model reads of it (tokens.py).
    tokens = models.PositiveIntegerField(default=0, editable=False)
    # Chosen where it is too long as it is (alternatives.py); or its text, or that there was a file,
    # because the model's API has refused it.
    sent_as = models.CharField(
        max_length=8, choices=SentAs.choices, default=SentAs.WHOLE, editable=False
    )
    # Of a PDF whose first pages are sent, or the text of these: how many, and about how many tokens
    # they are as pages.
    sent_pages = models.PositiveIntegerField(null=True, editable=False)
    sent_pages_tokens = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["position", "created_at", "id"]
        indexes = [
            # Few are unsent at a time.
            models.Index(
                fields=["owner", "draft"],
                name="attachment_unsent",
                condition=models.Q(message=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_ready(self) -> bool:
        """Whether all of it is there and was read."""
        return bool(self.content_key)

    @property
    def saved_output(self) -> str:
        """What is saved where it is downloaded: a picture as it is kept, all else as it came."""
        return "view" if self.is_image else "original"

    @property
    def page_outputs(self) -> list[str]:
        """The pictures of its pages that are kept, in their order."""
        count = sum(name.startswith("page-") for name in self.outputs)
        return [f"page-{number}" for number in range(1, count + 1)]

    @property
    def is_image(self) -> bool:
        return self.kind == self.Kind.IMAGE

    @property
    def has_thumbnail(self) -> bool:
        """Whether there is a small picture of it: of an image, or of a PDF's first page."""
        return "small" in self.outputs


class RemovedContent(models.Model):
    """Bytes whose last row may be gone: noted in the transaction that deletes a row, and removed
    after it, unless another row has them by then.
    """

    content_key = models.CharField(max_length=64, primary_key=True)
    # Of whose files it was; nobody's can't be uploaded again.
    owner_id = models.BigIntegerField(null=True)
    removed_at = models.DateTimeField(default=timezone.now)
    # While somebody removes them, no row may be given them.
    removal_began_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.content_key
