"""Instructions that hold for all, and those that users have given for themselves."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatsite.redis import local_copies

COPY = "instruction-policy"
OWN_LENGTH = 4_000
PREAMBLE_LENGTH = 8_000


class InstructionPolicy(models.Model):
    """One row; without it, there is no preamble."""

    preamble = models.TextField(
        _("preamble"),
        blank=True,
        max_length=PREAMBLE_LENGTH,
        help_text=_(
            "The model is told this first, in every conversation, whatever the assistant. Users "
            "can read it, and can’t remove it."
        ),
    )

    class Meta:
        verbose_name = _("instructions")
        verbose_name_plural = _("instructions")
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="instruction_policy_one_row"),
        ]

    def __str__(self) -> str:
        return str(_("Instructions of this site"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        local_copies.forget_copy(COPY)

    @classmethod
    def current(cls) -> "InstructionPolicy":
        """Return the policy; a change in another process may be seen a moment late."""
        return local_copies.get_copy(COPY, lambda: cls.objects.filter(pk=1).first() or cls(pk=1))


class OwnInstructions(models.Model):
    """A user's, for all of their conversations; no row where there are none."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="own_instructions",
    )
    about_me = models.TextField(_("about me"), blank=True, max_length=OWN_LENGTH)
    how_to_reply = models.TextField(_("how to reply"), blank=True, max_length=OWN_LENGTH)
    is_on = models.BooleanField(_("used in new chats"), default=True)

    class Meta:
        verbose_name = _("user’s instructions")
        verbose_name_plural = _("users’ instructions")
        default_permissions = ()

    def __str__(self) -> str:
        return str(_("Instructions of one’s own"))

    @property
    def is_any(self) -> bool:
        return bool(self.about_me.strip() or self.how_to_reply.strip())
