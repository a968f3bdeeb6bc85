"""What the model was asked for beside replies."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ModelRequest(models.Model):
    """What the model was asked for beside replies, and what that took. It holds no text."""

    class Kind(models.TextChoices):
        TITLE = "title", _("title")

    # Nobody's when its conversation is.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="model_requests"
    )
    conversation = models.ForeignKey("Conversation", models.CASCADE, related_name="model_requests")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    model = models.CharField(_("model"), max_length=200)
    prompt_tokens = models.PositiveIntegerField(_("prompt tokens"))
    cached_tokens = models.PositiveIntegerField(_("cached tokens"), null=True)
    completion_tokens = models.PositiveIntegerField(_("completion tokens"))
    cost_usd = models.DecimalField(_("cost in US dollars"), max_digits=12, decimal_places=8)
    usage_estimated = models.BooleanField(_("usage is estimated"), default=False)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"))

    class Meta:
        verbose_name = _("request to the model")
        verbose_name_plural = _("requests to the model")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.conversation_id}"
