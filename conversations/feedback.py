"""What the owner thinks of a reply."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Feedback(models.Model):
    """What the owner thinks of a reply; changed and taken back as they like."""

    COMMENT_LENGTH = 2000

    class Rating(models.TextChoices):
        UP = "up", _("Good reply")
        DOWN = "down", _("Bad reply")

    class Reason(models.TextChoices):
        WRONG = "wrong", _("Not correct")
        UNHELPFUL = "unhelpful", _("Not what I asked for")
        INCOMPLETE = "incomplete", _("Incomplete")
        HARMFUL = "harmful", _("Harmful or offensive")
        OTHER = "other", _("Something else")

    # It goes with the conversation; messages don't go one by one.
    message = models.OneToOneField(
        "conversations.Message", models.DO_NOTHING, primary_key=True, related_name="feedback"
    )
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="feedback"
    )
    rating = models.CharField(_("rating"), max_length=4, choices=Rating.choices)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    comment = models.TextField(_("comment"), blank=True, max_length=COMMENT_LENGTH)
    created_at = models.DateTimeField(_("given"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")

    def __str__(self) -> str:
        return self.get_rating_display()
