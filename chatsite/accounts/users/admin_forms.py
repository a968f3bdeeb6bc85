"""The forms of users in the administration: a role is chosen there, not groups and permissions."""

from typing import Any

from django import forms
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    UserChangeForm,
)
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.models import User
from chatsite.accounts.names import fold_name
from chatsite.accounts.profile.preferences import build_language_field, build_time_zone_field
from chatsite.accounts.roles import Role
from chatsite.accounts.sessions.services import revoke_all_sessions
from chatsite.accounts.users.services import (
    LastAdministratorError,
    ensure_administrator_remains,
    get_role,
    is_last_administrator,
)
from chatsite.core.forms import LimitedFieldsMixin

ROLE_HELP = _("Reviewers read conversations; administrators also manage accounts and policies.")


def build_role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=Role.choices, initial=Role.USER, label=_("Role"), help_text=ROLE_HELP
    )


class UsernameMixin:
    """No username is another user's address: by either one signs in."""

    cleaned_data: dict[str, Any]
    instance: User

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        others = User.objects.exclude(pk=self.instance.pk)
        if "@" in username and others.filter(email_key=fold_name(username)).exists():
            raise forms.ValidationError(gettext("This is the address of another user."))
        return username


class NewUserForm(UsernameMixin, LimitedFieldsMixin, AdminUserCreationForm[User]):
    role = build_role_field()


class PasswordForm(LimitedFieldsMixin, AdminPasswordChangeForm[User]):
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        keeps_password = self.cleaned_data.get("set_usable_password", True)
        if not keeps_password and is_last_administrator(self.user):
            self.add_error("usable_password", LastAdministratorError().sentence)
        return data

    def save(self, commit: bool = True) -> User:
        """As a reset does: whoever was signed in by the old password is out, replies end too."""
        user = super().save(commit)
        revoke_all_sessions(user=user)
        return user


class UserForm(UsernameMixin, UserChangeForm[User]):
    role = build_role_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].initial = get_role(self.instance)
        if "language" in self.fields:
            self.fields["language"] = build_language_field(self.instance.language)
            self.fields["time_zone"] = build_time_zone_field(
                browser="", chosen=self.instance.time_zone
            )
        groups = self.fields.get("groups")
        if isinstance(groups, forms.ModelMultipleChoiceField):
            groups.queryset = Group.objects.exclude(name__in=Role.values)

    def clean_groups(self) -> QuerySet[Group]:
        """With those of the role, which isn't chosen here: saving must not take it away."""
        chosen = Q(pk__in=self.cleaned_data["groups"])
        role = Q(user=self.instance, name__in=Role.values)
        return Group.objects.filter(chosen | role).distinct()

    def clean(self) -> dict[str, Any]:
        """The administration checks and saves within one transaction, as keeping an administrator
        needs it.
        """
        data = super().clean() or self.cleaned_data
        if "time_zone" in self.changed_data:
            self.instance.time_zone_is_chosen = bool(data.get("time_zone"))
        stays = data.get("is_active") and data.get("role") == Role.ADMINISTRATOR
        if not stays:
            try:
                ensure_administrator_remains(without=self.instance)
            except LastAdministratorError as refused:
                field = "role" if data.get("role") != Role.ADMINISTRATOR else "is_active"
                self.add_error(field, refused.sentence)
        return data
