"""The user: our own model from the first migration, so that it can grow."""

import functools
import secrets
import zoneinfo
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.names import fold_name
from chatsite.accounts.roles import Role
from chatsite.accounts.users.fields import FoldedNameField


@functools.cache
def list_time_zones() -> set[str]:
    """List the time zones, without those that name no place; listing them reads the file system."""
    return zoneinfo.available_timezones() - {"Factory", "localtime"}


def validate_time_zone(value: str) -> None:
    if value not in list_time_zones():
        raise ValidationError(_("“%(value)s” is not a time zone."), params={"value": value})


# Crockford's base 32, without vowels: nothing to misread, and no words by chance.
LETTERS = "0123456789BCDFGHJKMNPQRSTVWXYZ"


def make_pseudonym() -> str:
    """Make a random name, so that nothing leads back from it; 30^8 are enough to be unique."""
    return "".join(secrets.choice(LETTERS) for _ in range(8))


NAME_TAKEN = _("A user with that username already exists.")
ADDRESS_TAKEN = _("A user with that email address already exists.")
# Case folding makes up to three characters of one, and NFKC more of a few.
KEY_LENGTH = 1000


class UserManager(BaseUserManager["User"]):
    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username_key=fold_name(username or ""))


class User(AbstractUser):
    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    # One field: what is first and what is last in a name differs from place to place.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=150, blank=True)
    # Empty where no mail is sent: an address that nobody can prove to be theirs identifies nobody.
    email = models.EmailField(_("email address"), blank=True)
    # What people type is compared with these, and no two accounts have the same.
    username_key = FoldedNameField(max_length=KEY_LENGTH, editable=False)
    email_key = FoldedNameField(max_length=KEY_LENGTH, blank=True, editable=False)
    # Empty until the browser has sent it.
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, validators=[validate_time_zone]
    )
    # What the user chose stays, whatever the browser says.
    time_zone_is_chosen = models.BooleanField(default=False, editable=False)
    theme = models.CharField(_("theme"), max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    language = models.CharField(_("language"), max_length=16, blank=True)
    # Grows with every right that is lost, so that what was opened before can be closed.
    access_version = models.PositiveIntegerField(default=0, editable=False)
    # Signs in with a password when nobody else may: for the day the identity provider is down.
    break_glass = models.BooleanField(
        _("break-glass administrator"),
        default=False,
        help_text=_("May sign in with a password even when passwords are turned off."),
    )
    # What stands for them where their name is not to be seen, and where it is to be forgotten.
    pseudonym = models.CharField(max_length=8, unique=True, default=make_pseudonym, editable=False)
    invitation = models.ForeignKey(
        "accounts.Invitation",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="users",
        verbose_name=_("invitation"),
    )

    objects = UserManager()  # type: ignore[misc]

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["username_key"],
                name="unique_username_key",
                violation_error_message=NAME_TAKEN,
            ),
            models.UniqueConstraint(
                fields=["email_key"],
                name="unique_email_key",
                condition=~models.Q(email_key=""),
                violation_error_message=ADDRESS_TAKEN,
            ),
        ]

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        # Superusers are made with the server's own means (the set-up link, `createsuperuser`),
        # which are the last to get in by when passwords are off.
        if self._state.adding and self.is_superuser and not settings.LOCAL_PASSWORDS:
            self.break_glass = True
        if update_fields is not None:
            changed = set(update_fields)
            update_fields = changed | {f"{name}_key" for name in changed & {"username", "email"}}
        super().save(*args, update_fields=update_fields, **kwargs)

    def validate_constraints(self, exclude: Iterable[str] | None = None) -> None:
        """Forms don't show the keys: what is wrong with one is said at the field it follows."""
        skipped = set(exclude or ())
        super().validate_constraints(skipped | {"username_key", "email_key"})
        others = User.objects.exclude(pk=self.pk)
        errors = {}
        # The same name to the letter is refused by the field itself.
        same = others.exclude(username=self.username).filter(username_key=fold_name(self.username))
        if "username" not in skipped and same.exists():
            errors["username"] = NAME_TAKEN
        key = fold_name(self.email)
        if key and "email" not in skipped and others.filter(email_key=key).exists():
            errors["email"] = ADDRESS_TAKEN
        if errors:
            raise ValidationError(errors)

    @property
    def may_use_password(self) -> bool:
        """Where passwords are off, only break-glass administrators sign in with one."""
        return settings.LOCAL_PASSWORDS or (self.break_glass and self.is_administrator)

    @property
    def is_administrator(self) -> bool:
        return self.is_superuser or self.groups.filter(name=Role.ADMINISTRATOR.value).exists()

    def has_usable_password(self) -> bool:
        """A password that opens nothing is not asked for, changed or counted on either."""
        return super().has_usable_password() and self.may_use_password

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name or self.username

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone of this user's days and months."""
        return zoneinfo.ZoneInfo(self.time_zone or settings.TIME_ZONE)
