"""One row a conversation: where its review stands, and what the queue is sorted and filtered by.

What is copied from conversations, messages, feedback and flags follows them within seconds
(`outbox/worker.py`); it stands in one table so that every order and filter of the queue has an
index.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation
from conversations.review.decisions.models import Verdict

LATEST = ("-last_activity_at", "-conversation")


def latest_index(name: str, *fields: str, condition: Q | None = None) -> models.Index:
    """An index for a filter whose finds are listed by last activity."""
    return models.Index(fields=[*fields, *LATEST], name=f"review_{name}", condition=condition)


class Review(models.Model):
    class State(models.TextChoices):
        # Nobody has asked for it to be looked at, and nobody has.
        UNREVIEWED = "unreviewed", _("Not reviewed")
        # Put into the queue, by feedback, a flag or a reviewer.
        WAITING = "waiting", _("To review")
        REVIEWED = "reviewed", _("Reviewed")

    conversation = models.OneToOneField(
        Conversation, models.CASCADE, primary_key=True, related_name="review"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.UNREVIEWED
    )
    verdict = models.ForeignKey(
        Verdict,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verdict"),
        db_index=False,
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assignee"),
        db_index=False,
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    # Grows with everything a reviewer saves: whoever saves on top of an older one is told.
    version = models.PositiveIntegerField(default=0, editable=False)
    # Who saved that.
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
    )

    # Copies.
    # The owner's pseudonym, which stays when a hold keeps what its owner has deleted.
    person = models.CharField(_("user"), max_length=8)
    model = models.CharField(_("model"), max_length=200)
    last_activity_at = models.DateTimeField(_("last activity"))
    message_count = models.PositiveIntegerField(_("messages"), default=0)
    tokens = models.PositiveBigIntegerField(_("tokens"), default=0)
    cost_usd = models.DecimalField(
        _("cost in US dollars"), max_digits=14, decimal_places=8, default=0
    )
    thumbs_up = models.PositiveIntegerField(_("good replies"), default=0)
    thumbs_down = models.PositiveIntegerField(_("bad replies"), default=0)
    flag_count = models.PositiveIntegerField(_("flags"), default=0)
    failed_count = models.PositiveIntegerField(_("failed replies"), default=0)
    # Stopped by the user, or interrupted by the end of a process.
    stopped_count = models.PositiveIntegerField(_("stopped replies"), default=0)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        # By the key itself: by the conversation would mean by the order of conversations.
        ordering = ("-last_activity_at", "-pk")
        default_permissions = ("view", "change")
        permissions = [
            ("see_identities", _("Can see who users are, instead of pseudonyms")),
            ("export_conversations", _("Can export conversations")),
        ]
        indexes = [
            latest_index("latest"),
            latest_index("of_state", "state"),
            latest_index("of_person", "person"),
            latest_index("of_model", "model"),
            latest_index("of_verdict", "verdict", condition=Q(verdict__isnull=False)),
            latest_index("of_assignee", "assignee", condition=Q(assignee__isnull=False)),
            models.Index(
                fields=["changed_by"],
                name="review_changed_by",
                condition=Q(changed_by__isnull=False),
            ),
            latest_index("praised", condition=Q(thumbs_up__gt=0)),
            latest_index("criticised", condition=Q(thumbs_down__gt=0)),
            latest_index("flagged", condition=Q(flag_count__gt=0)),
            latest_index("failed", condition=Q(failed_count__gt=0)),
            latest_index("stopped", condition=Q(stopped_count__gt=0)),
            models.Index(fields=["-message_count", "-conversation"], name="review_longest"),
            models.Index(fields=["-tokens", "-conversation"], name="review_most_tokens"),
            models.Index(fields=["-cost_usd", "-conversation"], name="review_dearest"),
        ]

    def __str__(self) -> str:
        return str(self.conversation_id)


class SavedFilter(models.Model):
    """A name for a URL of the queue."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField()

    class Meta:
        default_permissions = ()
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="filter_of_user")]

    def __str__(self) -> str:
        return self.name
