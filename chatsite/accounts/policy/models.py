"""What administrators decide for the whole site, and change without a restart."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.policy.starters import write_built_in
from chatsite.redis import local_copies

COPY = "site-policy"


class SitePolicy(models.Model):
    """One row; without it, the defaults hold."""

    class SignUp(models.TextChoices):
        CLOSED = "closed", _("Closed: administrators make accounts")
        INVITATION = "invitation", _("By invitation")
        DOMAINS = "domains", _("Open for the email domains listed below")
        OPEN = "open", _("Open for everybody")

    class SecondFactor(models.TextChoices):
        NOBODY = "nobody", _("Nobody has to; everybody may")
        STAFF = "staff", _("Reviewers and administrators")
        EVERYBODY = "everybody", _("Everybody")

    sign_up = models.CharField(
        _("sign-up"), max_length=16, choices=SignUp.choices, default=SignUp.INVITATION
    )
    sign_up_domains = models.TextField(
        _("email domains"),
        blank=True,
        help_text=_("One a line, such as example.com. Subdomains are not included."),
    )
    second_factor = models.CharField(
        _("second factor required of"),
        max_length=16,
        choices=SecondFactor.choices,
        default=SecondFactor.NOBODY,
        help_text=_("Who has none is led to set one up at their next page; so are you."),
    )
    privacy_notice = models.TextField(
        _("privacy notice"),
        blank=True,
        max_length=2000,
        help_text=_(
            "Shown where people sign in and where they write: who may read conversations, and why. "
            "Plain text; empty shows nothing."
        ),
    )

    starters = models.TextField(
        _("ways to begin"),
        blank=True,
        default=write_built_in,
        max_length=4000,
        help_text=_(
            "Offered below the box of a new chat, one a line: a short title, a bar (|) and the "
            "message that it puts into the box. Empty offers none."
        ),
    )

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policy")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="policy_one_row"),
        ]

    def __str__(self) -> str:
        return str(_("Policy of this site"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        local_copies.forget_copy(COPY)

    @classmethod
    def current(cls) -> "SitePolicy":
        """Return the policy; a change in another process may be seen a moment late."""
        return local_copies.get_copy(COPY, lambda: cls.objects.filter(pk=1).first() or cls(pk=1))

    @property
    def domains(self) -> set[str]:
        words = self.sign_up_domains.replace(",", " ").split()
        return {word.lower().lstrip("@") for word in words} - {""}
