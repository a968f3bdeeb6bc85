"""The access log in the administration: read, filtered and exported, never changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from conversations.review.audit import views as access_log
from conversations.review.models import AccessEntry


@admin.register(AccessEntry)
class AccessEntryAdmin(admin.ModelAdmin[AccessEntry]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AccessEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AccessEntry | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """In place of Django's, which count the whole table; those that change are refused."""
        own: list[tuple[str, Any, str]] = [
            ("", access_log.access_log_page, "changelist"),
            ("export/", access_log.export_log, "export"),
            ("add/", access_log.refuse_change, "add"),
            ("<path:object_id>/change/", access_log.refuse_change, "change"),
            ("<path:object_id>/delete/", access_log.refuse_change, "delete"),
            ("<path:object_id>/history/", access_log.refuse_change, "history"),
        ]
        return [
            path(route, self.admin_site.admin_view(view), name=f"review_accessentry_{name}")
            for route, view, name in own
        ]
