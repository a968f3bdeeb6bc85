"""The dashboard in the administration."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from conversations.review.models import SiteDay
from conversations.review.stats import views as dashboard


@admin.register(SiteDay)
class SiteDayAdmin(admin.ModelAdmin[SiteDay]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        """Stats are counted, never typed."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: SiteDay | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SiteDay | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """In place of Django's."""
        own: list[tuple[str, Any, str]] = [
            ("", dashboard.show_dashboard, "changelist"),
            ("csv/<slug:what>/", dashboard.download_csv, "csv"),
        ]
        return [
            path(route, self.admin_site.admin_view(view), name=f"review_siteday_{name}")
            for route, view, name in own
        ]
