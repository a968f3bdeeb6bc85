"""What administrators decide for the whole site, and change without a restart."""

from typing import Any

from django.core.cache import cache
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.policy.starters import write_built_in

CACHE_KEY = "site-policy"
KEPT = 5  # seconds


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
        cache.delete(CACHE_KEY)

    @classmethod
    def current(cls) -> "SitePolicy":
        """Return the policy, cached for a moment: it is asked for on every page. Other processes
        see a change that late.
        """
        policy = cache.get(CACHE_KEY)
        if not isinstance(policy, cls):
            policy = cls.objects.filter(pk=1).first() or cls(pk=1)
            cache.set(CACHE_KEY, policy, KEPT)
        return policy

    @property
    def domains(self) -> set[str]:
        words = self.sign_up_domains.replace(",", " ").split()
        return {word.lower().lstrip("@") for word in words} - {""}
