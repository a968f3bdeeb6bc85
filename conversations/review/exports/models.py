"""An export that was asked for: what of, in which form, and how far it is."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatsite.core.clocks import is_recent


class Export(models.Model):
    HEARTBEAT_TIMEOUT = timedelta(minutes=2)

    class Format(models.TextChoices):
        MESSAGES = "messages", _("JSONL for fine-tuning: one conversation a line as “messages”")
        WHOLE = "whole", _("JSONL with everything that is known")
        CSV = "csv", _("CSV: one message a row")

    class State(models.TextChoices):
        READY = "ready", _("Ready to be downloaded")
        RUNNING = "running", _("Being downloaded")
        DONE = "done", _("Done")
        BROKEN = "broken", _("Broken off")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    format = models.CharField(_("format"), max_length=8, choices=Format.choices)
    # The queue's filters, as its URL has them.
    query = models.TextField(blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.READY)
    total = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    # Those at which the server died, twice.
    left_out = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    # Written with its progress, so that one whose process died can be told.
    heartbeat_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        default_permissions = ()
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.get_format_display()

    @property
    def is_running(self) -> bool:
        """Whether it runs: without a heartbeat for long, its writer is gone, or its reader is."""
        is_open = self.state in (self.State.READY, self.State.RUNNING)
        return is_open and is_recent(self.heartbeat_at, timezone.now(), self.HEARTBEAT_TIMEOUT)

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE
