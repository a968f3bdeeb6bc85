"""Saved prompts."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.audience import Audience, AudienceQuerySet

NAME_LENGTH = 60
DESCRIPTION_LENGTH = 200
TEXT_LENGTH = 32_000


class SavedPrompt(Audience):
    """Of a user, or of the site; shared by administrators."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="prompts"
    )
    # What is typed after the slash.
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    description = models.CharField(_("description"), max_length=DESCRIPTION_LENGTH, blank=True)
    text = models.TextField(_("text"), max_length=TEXT_LENGTH)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
