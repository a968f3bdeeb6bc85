"""The site's policy in the administration: one form, no list."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.models import SitePolicy
from chatsite.accounts.policy.starters import MOST, parse_starters


class PolicyForm(forms.ModelForm[SitePolicy]):
    class Meta:
        model = SitePolicy
        fields = ("sign_up", "sign_up_domains", "second_factor", "privacy_notice", "starters")

    def clean_starters(self) -> str:
        starters: str = self.cleaned_data["starters"]
        if len(parse_starters(starters)) > MOST:
            raise forms.ValidationError(
                gettext("List at most %(most)d ways to begin.") % {"most": MOST}
            )
        return starters

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("sign_up") != SitePolicy.SignUp.DOMAINS:
            return data
        if not data.get("sign_up_domains", "").split():
            self.add_error("sign_up_domains", gettext("List the domains that may sign up."))
        if not settings.EMAIL_CONFIGURED:
            self.add_error(
                "sign_up",
                gettext(
                    "Only mail proves that somebody has an address of a domain. "
                    "Set EMAIL_URL, or choose another policy."
                ),
            )
        return data


@admin.register(SitePolicy)
class SitePolicyAdmin(admin.ModelAdmin[SitePolicy]):
    form = PolicyForm
    fieldsets = (
        (_("Who may sign up"), {"fields": ("sign_up", "sign_up_domains")}),
        (_("Signing in"), {"fields": ("second_factor",)}),
        (_("Privacy"), {"fields": ("privacy_notice",)}),
        (_("New chats"), {"fields": ("starters",)}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SitePolicy | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
        return redirect("admin:accounts_sitepolicy_change", 1)

    def get_object(self, request: HttpRequest, object_id: str, *_: Any) -> SitePolicy | None:
        return SitePolicy.objects.get_or_create(pk=1)[0] if object_id == "1" else None
