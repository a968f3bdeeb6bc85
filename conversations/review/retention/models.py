"""How long conversations are kept, and legal holds that keep single ones whatever else is said."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation


class RetentionRule(models.Model):
    """Of a group, or of everybody who is in no group that has one."""

    group = models.OneToOneField(
        Group, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("group")
    )
    days = models.PositiveIntegerField(
        _("days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Conversations are deleted so many days after their last message. "
            "Empty keeps them for good."
        ),
    )
    # The site itself waits a while after it, so that a slip can be mended.
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(group=None),
                name="retention_one_default",
                violation_error_message=_("There is a rule for everybody already; change that."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.group or _("Everybody"))


class Regrouping(models.Model):
    """When somebody last came into a group that has a rule, or left one: as for a rule that was
    changed, the site waits a while, with their conversations.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user_id)


class Hold(models.Model):
    """Keeps a conversation from being deleted; it knows whose it was, should they delete it."""

    REASON_LENGTH = 500

    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="hold")
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    owner_username = models.CharField(max_length=150)
    owner_name = models.CharField(max_length=150, blank=True)
    owner_email = models.EmailField(blank=True)

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-id"]
        default_permissions = ("view", "add", "delete")

    def __str__(self) -> str:
        return str(self.conversation_id)
