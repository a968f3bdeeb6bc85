"""What background jobs are working at, what has killed the process while they did; and of several
processes which live, and which of them does what.
"""

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

JOB_LENGTH = 40


class Attempt(models.Model):
    """Work that is under way: committed before it begins and deleted after it. One that is left was
    the last that its process did.
    """

    job = models.CharField(max_length=JOB_LENGTH)
    # What it works at together, as `CrashedItem.item` has it.
    items = models.JSONField(default=list)
    process = models.UUIDField()
    started_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.job}: {', '.join(self.items)}"


class ServerProcess(models.Model):
    """A process that serves, where there are several."""

    id = models.UUIDField(primary_key=True)
    started_at = models.DateTimeField(db_default=Now())
    # By the database's clock, as hosts' may differ.
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class Lease(models.Model):
    """Which process does a background job that one is to do."""

    job = models.CharField(primary_key=True, max_length=JOB_LENGTH)
    holder = models.UUIDField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.job


class CrashedItem(models.Model):
    """One of the things that a job was working at when its process died. It is tried once more
    alone; after that it is set aside until an administrator has it tried again.
    """

    ITEM_LENGTH = 100

    job = models.CharField(_("job"), max_length=JOB_LENGTH)
    item = models.CharField(_("what"), max_length=ITEM_LENGTH)
    crashes = models.PositiveSmallIntegerField(_("crashes"), default=1)
    crashed_at = models.DateTimeField(_("last crash"), default=timezone.now)
    set_aside_at = models.DateTimeField(_("set aside"), null=True, blank=True)

    class Meta:
        verbose_name = _("job that crashed")
        verbose_name_plural = _("jobs that crashed")
        default_permissions = ("view", "change")
        ordering = ["-crashed_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["job", "item"], name="crashed_item_once")]

    def __str__(self) -> str:
        return f"{self.job}: {self.item}"
