"""Assistants and their versions."""

import uuid

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.audience import Audience, AudienceQuerySet

NAME_LENGTH = 60
DESCRIPTION_LENGTH = 300
INSTRUCTIONS_LENGTH = 32_000
STARTERS_LENGTH = 4_000
EMOJI_LENGTH = 32


class Assistant(Audience):
    """Of a user, or of the site; shared by administrators. What it is like is in its versions.

    One that was removed stays, for the conversations that have it, and is offered no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Null: the site's, made by administrators, or what is left of an erased user's shared one.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="assistants"
    )
    latest = models.ForeignKey(
        "AssistantVersion", models.DO_NOTHING, null=True, related_name="+", editable=False
    )
    is_site_default = models.BooleanField(_("default of the site"), default=False)
    default_groups = models.ManyToManyField(
        Group, blank=True, verbose_name=_("default of groups"), related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        verbose_name = _("assistant")
        verbose_name_plural = _("assistants")
        constraints = [
            models.UniqueConstraint(
                fields=["is_site_default"],
                name="assistant_one_site_default",
                condition=models.Q(is_site_default=True),
            ),
        ]

    def __str__(self) -> str:
        return self.latest.name if self.latest else str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("conversations:assistant", args=[self.pk])


class AssistantVersion(models.Model):
    """What an assistant is like; never changed once a conversation may have begun with it."""

    assistant = models.ForeignKey(Assistant, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    emoji = models.CharField(_("emoji"), max_length=EMOJI_LENGTH, blank=True)
    description = models.CharField(_("description"), max_length=DESCRIPTION_LENGTH, blank=True)
    instructions = models.TextField(_("instructions"), blank=True, max_length=INSTRUCTIONS_LENGTH)
    # At the API; "" for the default.
    model = models.CharField(_("model"), max_length=200, blank=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    starters = models.TextField(_("ways to begin"), blank=True, max_length=STARTERS_LENGTH)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("version of an assistant")
        verbose_name_plural = _("versions of assistants")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["assistant", "number"], name="assistant_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class AssistantPicture(models.Model):
    """A small square picture, made in a helper process of what was uploaded."""

    assistant = models.OneToOneField(
        Assistant, models.CASCADE, primary_key=True, related_name="picture"
    )
    content = models.BinaryField()
    # Changes with the content, so that browsers may keep it.
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("picture of an assistant")
        verbose_name_plural = _("pictures of assistants")
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest
