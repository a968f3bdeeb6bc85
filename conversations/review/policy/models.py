"""What administrators decide about review, for the whole site."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from chatsite.redis import local_copies

COPY = "review-policy"


class ReviewPolicy(models.Model):
    """One row; without it, the defaults hold."""

    class Reason(models.TextChoices):
        NONE = "none", _("Not asked for")
        OPTIONAL = "optional", _("Asked for, may be left empty")
        REQUIRED = "required", _("Required")

    reason = models.CharField(
        _("reason for access"),
        max_length=8,
        choices=Reason.choices,
        default=Reason.OPTIONAL,
        help_text=_("Whether reviewers say why before they open, search or export conversations."),
    )
    hides_pictures = models.BooleanField(
        _("pictures are hidden until they are asked for"),
        default=False,
        db_default=False,
        help_text=_("In transcripts, each by itself: what people upload may be hard to look at."),
    )
    tells_users = models.BooleanField(
        _("users see when they were reviewed"),
        default=False,
        help_text=_("On their account page: when, not by whom."),
    )

    class Meta:
        verbose_name = _("review policy")
        verbose_name_plural = _("review policy")
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="review_policy_one_row"),
        ]

    def __str__(self) -> str:
        return str(_("Policy of reviews"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        local_copies.forget_copy(COPY)

    @classmethod
    def current(cls) -> "ReviewPolicy":
        """Return the policy; a change in another process may be seen a moment late."""
        return local_copies.get_copy(COPY, lambda: cls.objects.filter(pk=1).first() or cls(pk=1))
