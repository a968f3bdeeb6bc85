"""Users in the administration: made and edited there, with their email and role from the start."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.admin.user_forms import NewUserForm, UserForm
from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.services.roles import role_of, set_role


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    form = UserForm
    add_form = NewUserForm
    list_display = ("username", "email", "name", "role", "is_active", "last_login", "date_joined")
    list_filter = ("groups", "is_active")
    search_fields = ("username", "email", "name")
    filter_horizontal = ("groups",)
    readonly_fields = ("last_login", "date_joined", "invitation")
    fieldsets = (
        (None, {"fields": ("username", "email", "name", "password")}),
        (_("Access"), {"fields": ("is_active", "role", "groups", "break_glass", "invitation")}),
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("role"))
    def role(self, user: User) -> str:
        return str(role_of(user).label)

    def save_related(
        self, request: HttpRequest, form: ModelForm[User], formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        # After the groups, which are saved without those that roles are made of.
        set_role(form.instance, Role(form.cleaned_data["role"]))
