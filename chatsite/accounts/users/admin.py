"""Users in the administration: made and edited there, with their email and role from the start."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.erasure.admin import ErasingAdmin
from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.second_factor.services import SECOND_FACTORS, remove_second_factor
from chatsite.accounts.sessions.services import revoke_all_sessions
from chatsite.accounts.sign_in.recovery_links import NoRecoveryPossibleError, make_recovery_link
from chatsite.accounts.users.addresses import confirm_address
from chatsite.accounts.users.admin_forms import NewUserForm, PasswordForm, UserForm
from chatsite.accounts.users.services import get_role, set_role


@admin.register(User)
class UserAdmin(ErasingAdmin, DjangoUserAdmin[User]):
    form = UserForm
    add_form = NewUserForm
    change_password_form = PasswordForm
    list_display = (
        "username",
        "email",
        "name",
        "role",
        "second_factor",
        "is_active",
        "last_login",
    )
    list_filter = ("groups", "is_active")
    search_fields = ("username", "email", "name")
    filter_horizontal = ("groups",)
    readonly_fields = ("second_factor", "last_login", "date_joined", "invitation")
    fieldsets = (
        (None, {"fields": ("username", "email", "name", "password")}),
        (
            _("Access"),
            {
                "fields": (
                    "is_active",
                    "role",
                    "groups",
                    "second_factor",
                    "break_glass",
                    "invitation",
                )
            },
        ),
        (_("Preferences"), {"fields": ("time_zone", "language", "theme")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username",
                    "email",
                    "role",
                    "usable_password",
                    "password1",
                    "password2",
                ),
            },
        ),
    )

    actions = ("issue_recovery_link", "remove_second_factor")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
        users = super().get_queryset(request).prefetch_related("groups")
        return users.annotate(has_second_factor=Exists(factors))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """By the list's filters alone: not by a pseudonym, nor by what hangs on a user, which would
        tell reviewers who it is that they know by a pseudonym.
        """
        return lookup.partition("__")[0] in self.list_filter

    @admin.display(description=_("role"))
    def role(self, user: User) -> str:
        return str(get_role(user).label)

    @admin.display(description=_("second factor"), boolean=True, ordering="has_second_factor")
    def second_factor(self, user: User) -> bool:
        return bool(getattr(user, "has_second_factor", False))

    def save_related(
        self, request: HttpRequest, form: ModelForm[User], formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        if "email" in form.changed_data:
            confirm_address(user=form.instance)
        if not form.instance.is_active:
            # Or they would be good again once the account is.
            revoke_all_sessions(user=form.instance)
        set_role(form.instance, Role(form.cleaned_data["role"]))

    @admin.action(description=_("Issue a recovery link"), permissions=["change"])
    def issue_recovery_link(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """Show a link that the administrator hands to who can't be helped by mail."""
        words = gettext("Hand this link to %(user)s. It sets a new password, once, within 3 days:")
        for user in chosen:
            try:
                link = make_recovery_link(user)
            except NoRecoveryPossibleError as refused:
                self.message_user(request, refused.sentence, messages.WARNING)
                continue
            self.log_change(request, user, gettext("Issued a recovery link."))
            sentence = format_html("{} <code>{}</code>", words % {"user": user}, link)
            self.message_user(request, sentence, messages.SUCCESS)

    @admin.action(description=_("Remove second factor"), permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """Remove it for who lost theirs; sessions stay. Where it is required they add another."""
        losers = [user for user in chosen if remove_second_factor(user=user)]
        for user in losers:
            self.log_change(request, user, gettext("Removed the second factor."))
        sentence = ngettext(
            "%(count)d user has no second factor any more.",
            "%(count)d users have no second factor any more.",
            len(losers),
        )
        self.message_user(request, sentence % {"count": len(losers)}, messages.SUCCESS)
