"""Rules that flag messages by themselves, the flags, and dry runs of rules on past messages."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation, Message


class UndeletedRules(models.Manager["Rule"]):
    def get_queryset(self) -> models.QuerySet["Rule"]:
        return super().get_queryset().filter(is_pending_deletion=False)


class Rule(models.Model):
    class Kind(models.TextChoices):
        WORDS = "words", _("Words")
        PATTERN = "pattern", _("Regular expression")
        COST = "cost", _("Cost of a reply over (US dollars)")
        LENGTH = "length", _("Length over (characters)")

    class Role(models.TextChoices):
        BOTH = "", _("Users and the assistant")
        USER = "user", _("Users")
        ASSISTANT = "assistant", _("The assistant")

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    # Words, one a line; or the regular expression.
    text = models.TextField(_("words or expression"), blank=True, max_length=4000)
    threshold = models.DecimalField(
        _("threshold"), max_digits=14, decimal_places=6, null=True, blank=True
    )
    role = models.CharField(
        _("messages of"), max_length=9, choices=Role.choices, default=Role.BOTH, blank=True
    )
    is_active = models.BooleanField(_("flags new messages"), default=True)
    # Why it was switched off by itself; empty otherwise.
    fault = models.CharField(_("fault"), max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Deleted, for all who look: its flags may be many, and it stays until the last of them is gone.
    is_pending_deletion = models.BooleanField(default=False, editable=False, db_column="is_going")

    objects = UndeletedRules()
    all_objects: models.Manager["Rule"] = models.Manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UndeletedFlags(models.Manager["Flag"]):
    def get_queryset(self) -> models.QuerySet["Flag"]:
        return super().get_queryset().filter(Q(rule=None) | Q(rule__is_pending_deletion=False))


class Flag(models.Model):
    """A flag on a message by a rule, or on a conversation by a reviewer."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="flags")
    # It goes with the conversation; messages don't go one by one.
    message = models.ForeignKey(
        Message, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    rule = models.ForeignKey(Rule, models.CASCADE, null=True, related_name="flags")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = UndeletedFlags()
    all_objects: models.Manager["Flag"] = models.Manager()

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["message", "rule"], name="flag_once_a_rule"),
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(rule=None), name="flag_once_by_hand"
            ),
        ]

    def __str__(self) -> str:
        return str(self.rule or _("Flagged by a reviewer"))


class Trial(models.Model):
    """A dry run of a rule on the messages that there are; it flags nothing."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="trials")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    total = models.PositiveBigIntegerField(default=0)
    scanned = models.PositiveBigIntegerField(default=0)
    matched = models.PositiveBigIntegerField(default=0)
    # Ids of the latest messages that matched, not their text.
    examples = models.JSONField(default=list)
    # How many of them stand in the access log as shown: the dry run is its beginner's alone.
    disclosed = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    heartbeat_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.rule}: {self.get_state_display()}"
