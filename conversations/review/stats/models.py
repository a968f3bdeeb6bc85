"""What was used and how well it went, a row a day: stats outlast the messages that they count.

Days are those of the site's time zone. `first_token` is a histogram of the seconds until a reply's
first words: how many replies fell into each bucket (`stats/latency.py`).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DailyStats(models.Model):
    day = models.DateField(_("day"))
    model = models.CharField(_("model"), max_length=200)
    messages = models.PositiveIntegerField(_("messages"), default=0)
    # What is added to these may be less than nothing: a reply that is continued is taken back.
    replies = models.IntegerField(_("replies"), default=0)
    failed = models.IntegerField(_("failed replies"), default=0)
    stopped = models.IntegerField(_("stopped replies"), default=0)
    prompt_tokens = models.PositiveBigIntegerField(_("prompt tokens"), default=0)
    completion_tokens = models.PositiveBigIntegerField(_("completion tokens"), default=0)
    cost_usd = models.DecimalField(
        _("cost in US dollars"), max_digits=14, decimal_places=8, default=0
    )
    thumbs_up = models.PositiveIntegerField(_("good replies"), default=0)
    thumbs_down = models.PositiveIntegerField(_("bad replies"), default=0)
    first_token = models.JSONField(default=dict)

    class Meta:
        abstract = True


class SiteDay(DailyStats):
    """The stats of a day and model, of everybody."""

    class Meta:
        verbose_name = _("dashboard")
        verbose_name_plural = _("dashboard")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["day", "model"], name="site_day_once")]

    def __str__(self) -> str:
        return f"{self.day}: {self.model}"


class UserDay(DailyStats):
    """The stats of a day and model, of one user; without one, of those who were erased."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False
    )

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["day", "user", "model"], name="user_day_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["user", "day", "model"], name="user_day_once"),
            models.UniqueConstraint(
                fields=["day", "model"], condition=Q(user=None), name="user_day_erased_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.user_id}"
