"""Limits and usage in the administration: limits are edited there, usage is read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.budgets.file_limits import KINDS
from chatsite.accounts.budgets.usage import build_usage_report, format_dollars
from chatsite.accounts.models import Limit, UsageDay, User


class LimitForm(forms.ModelForm[Limit]):
    file_kinds = forms.TypedMultipleChoiceField(
        label=_("kinds of files"),
        choices=KINDS.items,
        coerce=str,
        empty_value=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None of them checked: all that the site takes."),
    )


@admin.register(Limit)
class LimitAdmin(admin.ModelAdmin[Limit]):
    form = LimitForm
    list_display = (
        "applies_to",
        "kind",
        "messages_per_minute",
        "tokens_per_day",
        "usd_per_month",
        "file_megabytes",
        "stored_megabytes",
    )
    list_select_related = ("user", "group")
    search_fields = ("user__username", "user__email", "group__name")
    autocomplete_fields = ("user",)
    fieldsets = (
        (
            None,
            {
                "fields": ("user", "group"),
                "description": _(
                    "Whose limit this is: one user’s, or that of each member of a group by "
                    "themselves. Leave both empty for the default, which holds for everybody."
                ),
            },
        ),
        (
            None,
            {
                "fields": (
                    "messages_per_minute",
                    "tokens_per_day",
                    "usd_per_month",
                    "file_megabytes",
                    "stored_megabytes",
                    "file_kinds",
                ),
                "description": _(
                    "An empty field limits nothing. Of several limits that hold for a user the "
                    "tightest wins, number by number. Days and months are those of the user’s "
                    "time zone. Of files, 0 takes none; the site’s settings hold besides."
                ),
            },
        ),
    )

    @admin.display(description=_("whose"))
    def applies_to(self, limit: Limit) -> str:
        return str(limit.user or limit.group or _("Everybody"))

    @admin.display(description=_("of"))
    def kind(self, limit: Limit) -> str:
        if limit.user_id:
            return str(_("one user"))
        return str(_("each member of a group") if limit.group_id else _("the default"))


@admin.register(UsageDay)
class UsageDayAdmin(admin.ModelAdmin[UsageDay]):
    list_display = ("day", "used_by", "messages", "prompt_tokens", "completion_tokens", "cost")
    list_select_related = ("user",)
    list_display_links = None
    search_fields = ("user__username", "user__email")
    date_hierarchy = "day"
    ordering = ("-day", "-cost_usd")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: UsageDay | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: UsageDay | None = None) -> bool:
        return False

    @admin.display(description=_("cost"), ordering="cost_usd")
    def cost(self, day: UsageDay) -> str:
        return format_dollars(day.cost_usd)

    @admin.display(description=_("user"), ordering="user__username")
    def used_by(self, day: UsageDay) -> str:
        if not day.user:
            return str(_("Erased users"))
        url = reverse("admin:accounts_user_usage", args=[day.user.pk])
        return format_html('<a href="{}">{}</a>', url, day.user)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.usage_of_user)
        return [path("of/<int:user_id>/", view, name="accounts_user_usage"), *super().get_urls()]

    def usage_of_user(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Show what the user sees as “Usage”."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        user = get_object_or_404(User, pk=user_id)
        context: dict[str, Any] = self.admin_site.each_context(request) | {
            "title": _("Usage of %(user)s") % {"user": user},
            "opts": User._meta,
            "original": user,
            "report": build_usage_report(user),
        }
        return TemplateResponse(request, "admin/accounts/user/usage.html", context)
