"""Exports of conversations in the administration."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from conversations.review.exports import views as exporting
from conversations.review.models import Export


@admin.register(Export)
class ExportAdmin(admin.ModelAdmin[Export]):
    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return request.user.has_perms(["review.view_review", exporting.EXPORT])

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """In place of Django's."""
        view = self.admin_site.admin_view
        return [
            path("", view(exporting.handle_exports), name="review_export_changelist"),
            path("progress/", view(exporting.show_progress), name="review_export_progress"),
        ]
