"""Links that let people make their account."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.roles import Role

STATE_SENTENCES = {
    "used": _("This invitation has been used. Ask for a new one, or sign in if it was you."),
    "expired": _("This invitation has expired. Ask an administrator for a new one."),
    "revoked": _("This invitation was taken back. Ask an administrator for a new one."),
}


class Invitation(models.Model):
    """For one address, or for whoever has the link, so many times; until it expires or is revoked.

    The link isn't kept: it is signed from the id (`invitations/services.py`).
    """

    # Empty: for whoever has the link.
    email = models.EmailField(_("email address"), blank=True)
    uses_allowed = models.PositiveIntegerField(_("uses allowed"), default=1)
    uses = models.PositiveIntegerField(_("used"), default=0, editable=False)
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.USER)
    group = models.ForeignKey(
        Group, models.SET_NULL, null=True, blank=True, verbose_name=_("group")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("invited by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(uses__lte=models.F("uses_allowed")),
                name="invitation_not_overused",
            ),
        ]

    def __str__(self) -> str:
        return self.email or str(_("Invitation %(id)s") % {"id": self.pk})

    @property
    def state(self) -> str:
        """ "open", "used", "expired" or "revoked": the first that explains why it doesn't work."""
        if self.revoked_at:
            return "revoked"
        if self.uses >= self.uses_allowed:
            return "used"
        return "expired" if self.expires_at <= timezone.now() else "open"

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def state_sentence(self) -> str:
        return str(STATE_SENTENCES.get(self.state, ""))

    def is_for(self, email: str) -> bool:
        return not self.email or self.email.lower() == email.lower()
