"""Folders, in which a user keeps conversations: each is in one at most, and none is in another."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Folder(models.Model):
    """Holds conversations of its owner; deleting it puts them back among the others."""

    NAME_LENGTH = 60

    class Color(models.TextChoices):
        GRAY = "gray", _("Gray")
        RED = "red", _("Red")
        ORANGE = "orange", _("Orange")
        GREEN = "green", _("Green")
        TEAL = "teal", _("Teal")
        BLUE = "blue", _("Blue")
        PURPLE = "purple", _("Purple")
        PINK = "pink", _("Pink")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="folders", db_index=False
    )
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    # As names are compared; a character becomes up to 18.
    folded_name = models.CharField(max_length=18 * NAME_LENGTH, editable=False)
    color = models.CharField(_("color"), max_length=6, choices=Color.choices, default=Color.GRAY)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("folder")
        verbose_name_plural = _("folders")
        ordering = ["folded_name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "folded_name"], name="folder_one_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("conversations:folder", args=[self.pk])
