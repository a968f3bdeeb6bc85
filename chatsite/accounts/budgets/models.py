"""How much people may use, and how much they have used."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Limit(models.Model):
    """Of one user, of one group (each of its members by themselves), or the default for everybody.

    Of several that hold for a user the tightest wins, number by number; an empty field limits
    nothing.

    What has a limit of files is not more than the site's settings allow.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="limit",
        verbose_name=_("user"),
    )
    group = models.OneToOneField(
        Group, models.CASCADE, null=True, blank=True, related_name="limit", verbose_name=_("group")
    )
    messages_per_minute = models.PositiveIntegerField(_("messages a minute"), null=True, blank=True)
    tokens_per_day = models.PositiveBigIntegerField(_("tokens a day"), null=True, blank=True)
    usd_per_month = models.DecimalField(
        _("US dollars a month"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )

    # Files in messages: of one, and of all that a user keeps.
    file_megabytes = models.PositiveIntegerField(_("MB a file"), null=True, blank=True)
    stored_megabytes = models.PositiveIntegerField(_("MB of files in all"), null=True, blank=True)
    # Some of settings.FILE_KINDS; null for all of them.
    file_kinds = models.JSONField(_("kinds of files"), null=True, blank=True)

    class Meta:
        verbose_name = _("limit")
        verbose_name_plural = _("limits")
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) | Q(group=None),
                name="limit_of_user_or_group",
                violation_error_message=_("A limit is a user’s or a group’s, not both."),
            ),
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(user=None, group=None),
                name="limit_one_default",
                violation_error_message=_("There is a default already; change that one."),
            ),
        ]

    def __str__(self) -> str:
        """Without a name, which the administration's log would keep when its user is erased."""
        if self.user_id:
            return str(_("Limit of user %(id)s") % {"id": self.user_id})
        if self.group:
            return str(_("Limit of group %(name)s") % {"name": self.group})
        return str(_("Limit of everybody"))


class UsageDay(models.Model):
    """What one user used on one of their days; without a user, what erased ones did."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="usage", db_index=False
    )
    # In the user's own time zone.
    day = models.DateField(_("day"))
    messages = models.PositiveIntegerField(_("messages"), default=0)
    prompt_tokens = models.PositiveBigIntegerField(_("prompt tokens"), default=0)
    completion_tokens = models.PositiveBigIntegerField(_("completion tokens"), default=0)
    cost_usd = models.DecimalField(
        _("cost in US dollars"), max_digits=14, decimal_places=8, default=0
    )

    class Meta:
        verbose_name = _("usage")
        verbose_name_plural = _("usage")
        ordering = ["-day"]
        indexes = [models.Index(fields=["day"], name="usage_of_everybody")]
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="usage_one_row_a_day"),
            models.UniqueConstraint(
                fields=["day"], condition=Q(user=None), name="usage_one_anonymous_row_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or _('Erased users')}: {self.day}"

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens


class RecentMessage(models.Model):
    """When a user sent a message: kept for a minute, so that messages a minute can be counted also
    when conversations are deleted meanwhile.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "sent_at"], name="recent_message_of_user")]

    def __str__(self) -> str:
        return f"{self.user}: {self.sent_at}"
