"""What reviewers say of a conversation: verdicts, labels, notes."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation, Message


class Verdict(models.Model):
    """One of the verdicts to choose from; administrators edit the list."""

    class Tone(models.TextChoices):
        GOOD = "good", _("Good")
        NEUTRAL = "neutral", _("Neutral")
        WARN = "warn", _("Worrying")
        DANGER = "danger", _("Dangerous")

    name = models.CharField(_("name"), max_length=40)
    description = models.CharField(
        _("description"), max_length=200, blank=True, help_text=_("When it is given.")
    )
    tone = models.CharField(_("tone"), max_length=8, choices=Tone.choices, default=Tone.NEUTRAL)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(
        _("can be chosen"),
        default=True,
        help_text=_("A verdict that was given can’t be deleted; take it off the list instead."),
    )

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="verdict_name")]

    def __str__(self) -> str:
        return self.name


class Label(models.Model):
    name = models.CharField(_("name"), max_length=40)

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="label_name")]

    def __str__(self) -> str:
        return self.name


class Labelling(models.Model):
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="labellings")
    label = models.ForeignKey(Label, models.CASCADE, related_name="labellings")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["conversation", "label"], name="label_once"),
        ]

    def __str__(self) -> str:
        return str(self.label)


class Judgement(models.Model):
    """A verdict that was given: they are kept, also when another one follows."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="judgements")
    # Without one it was only marked as reviewed, or taken back.
    verdict = models.ForeignKey(Verdict, models.PROTECT, null=True, related_name="judgements")
    is_reviewed = models.BooleanField(default=True)
    comment = models.TextField(_("comment"), blank=True, max_length=4000)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.verdict or self.conversation_id)


class Note(models.Model):
    """Of a reviewer, on a conversation or on one of its messages; its user never sees it."""

    TEXT_LENGTH = 4000

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="review_notes")
    # It goes with the conversation; messages don't go one by one.
    message = models.ForeignKey(
        Message, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    text = models.TextField(_("note"), max_length=TEXT_LENGTH)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:60]
