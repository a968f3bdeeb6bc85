"""The access log: who looked at whose conversations, when, from where, and why.

It holds no foreign key and no text of users: pseudonyms stand for people, and a keyed hash for what
was searched for. So erasing a user changes nothing here, and leaves nothing of them. The database
itself refuses to change or delete a row, of an entry as of what it showed (`review/triggers.py`).
"""

from collections.abc import Mapping

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AccessEntry(models.Model):
    REASON_LENGTH = 500

    class Kind(models.TextChoices):
        TRANSCRIPT = "transcript", _("Opened a transcript")
        FILE = "file", _("Opened a file")
        LIST = "list", _("Saw a list of conversations")
        SEARCH = "search", _("Searched")
        EXPORT = "export", _("Exported conversations")
        TRIAL = "trial", _("Tried a rule on past messages")
        HOLD = "hold", _("Placed a legal hold")
        RELEASE = "release", _("Released a legal hold")
        LOG = "log", _("Exported the access log")
        FIGURES = "figures", _("Exported figures")

    at = models.DateTimeField(_("when"), default=timezone.now)
    # Pseudonyms.
    actor = models.CharField(_("who"), max_length=8)
    subject = models.CharField(_("whose"), max_length=8, blank=True)
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    conversation = models.UUIDField(_("conversation"), null=True)
    reason = models.CharField(_("why"), max_length=REASON_LENGTH, blank=True)
    address = models.GenericIPAddressField(_("from where"), null=True)
    # HMAC-SHA-256 of what was searched for, in hexadecimal: equal searches can be told to be equal.
    terms = models.CharField(_("search terms, hashed"), max_length=64, blank=True)
    # Numbers and choices, such as how many were found, or the format of an export; never text.
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("access log")
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [("export_access_log", _("Can export the access log"))]
        indexes = [
            models.Index(fields=["actor", "-id"], name="access_by"),
            models.Index(fields=["subject", "-id"], name="access_to"),
            models.Index(fields=["conversation", "-id"], name="access_to_conversation"),
            models.Index(fields=["kind", "-id"], name="access_of_kind"),
            models.Index(fields=["at"], name="access_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at}: {self.action}"

    @property
    def action(self) -> str:
        """What was done, as logs name it; the kind that is stored is older and stays."""
        return ACTIONS[self.Kind(self.kind)]


# Stored kind → the action as it is shown and exported.
ACTIONS: Mapping[AccessEntry.Kind, str] = {
    AccessEntry.Kind.TRANSCRIPT: "transcript.opened",
    AccessEntry.Kind.LIST: "conversations.listed",
    AccessEntry.Kind.SEARCH: "messages.searched",
    AccessEntry.Kind.EXPORT: "export.created",
    AccessEntry.Kind.TRIAL: "rule.tried",
    AccessEntry.Kind.HOLD: "hold.placed",
    AccessEntry.Kind.RELEASE: "hold.released",
    AccessEntry.Kind.LOG: "access_log.exported",
    AccessEntry.Kind.FIGURES: "stats.exported",
    AccessEntry.Kind.FILE: "file.opened",
}


class Disclosure(models.Model):
    """One of the conversations that an entry showed something of: a title in a list, a find of a
    search, its text in an export. An entry that is of one conversation alone names it itself.
    """

    # Neither is ever deleted, so nothing need be checked.
    entry = models.ForeignKey(
        AccessEntry, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="shown"
    )
    # The pseudonym of whoever wrote it.
    person = models.CharField(max_length=8)
    conversation = models.UUIDField()
    # False where its owner had deleted it, and isn't to learn that it is held.
    is_told = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["entry"], name="shown_by_entry"),
            models.Index(fields=["person", "-entry"], name="shown_of_person"),
            models.Index(fields=["conversation", "-entry"], name="shown_of_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.conversation}"


class SearchWords(models.Model):
    """What was typed to search for, for a while: an entry has the hash of it for good."""

    terms = models.CharField(max_length=64, primary_key=True)
    text = models.CharField(max_length=1000)
    typed_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.text
