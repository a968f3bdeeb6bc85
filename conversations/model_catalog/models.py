"""A model at the provider's API, as administrators describe it."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.signals import m2m_changed, post_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.audience import Audience, AudienceQuerySet
from chatsite.redis import local_copies

COPY = "model-catalog"


def make_price_field(label: Any, help_text: Any = "") -> models.DecimalField[Any, Any]:
    """US dollars for a million tokens; null where it isn't known."""
    return models.DecimalField(
        label,
        max_digits=12,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=help_text,
    )


class ChatModel(Audience):
    """Without a row, there is the one model of the settings."""

    identifier = models.CharField(
        _("name at the API"),
        max_length=200,
        unique=True,
        help_text=_("As the service calls it, such as openai/gpt-4.1-mini-2025-04-14."),
    )
    label = models.CharField(_("label"), max_length=60, help_text=_("What people read."))
    description = models.CharField(
        _("description"), max_length=200, blank=True, help_text=_("One line: what it is good for.")
    )
    context_window = models.PositiveIntegerField(
        _("context window"), null=True, blank=True, help_text=_("In tokens.")
    )
    longest_reply = models.PositiveIntegerField(
        _("longest reply"), null=True, blank=True, help_text=_("In tokens.")
    )
    price_input = make_price_field(_("price of input"))
    price_cached_input = make_price_field(_("price of cached input"))
    price_output = make_price_field(_("price of output"))
    reads_images = models.BooleanField(_("reads images"), default=True)
    reads_files = models.BooleanField(_("reads files"), default=True)
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first; the first is the default.")
    )
    is_on = models.BooleanField(_("on"), default=True)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        verbose_name = _("model")
        verbose_name_plural = _("models")
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        local_copies.forget_copy(COPY)


@receiver(m2m_changed, sender=ChatModel.groups.through)
@receiver(post_delete, sender=ChatModel)
def forget_catalog(**_signal: Any) -> None:
    """Groups are saved after their model, and many are deleted without asking each."""
    local_copies.forget_copy(COPY)
