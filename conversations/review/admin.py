"""Review in the administration: conversations here, each other subject in its slice's `admin.py`.

The lists and pages of conversations are our own, as Django's count and page by reading everything.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from conversations.review.audit import admin as audit
from conversations.review.audit import reason_views
from conversations.review.decisions import admin as verdicts
from conversations.review.exports import admin as exports
from conversations.review.models import Review
from conversations.review.policy import admin as policy
from conversations.review.queue import views as queue
from conversations.review.retention import admin as retention
from conversations.review.retention import hold_views
from conversations.review.rules import admin as rules
from conversations.review.search import views as search
from conversations.review.stats import admin as stats
from conversations.review.transcript import decision_views, file_views
from conversations.review.transcript import views as transcript

__all__ = ["audit", "exports", "policy", "retention", "rules", "stats", "verdicts"]


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin[Review]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        """Nothing is changed by Django's own forms."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """In place of Django's."""
        own: list[tuple[str, Any, str]] = [
            ("", queue.show_queue, "changelist"),
            ("filters/", queue.save_filter, "save_filter"),
            ("filters/<int:filter_id>/delete/", queue.delete_filter, "delete_filter"),
            ("bulk/", queue.apply_bulk_action, "bulk"),
            ("search/", search.show_search, "search"),
            ("reason/", reason_views.enter_reason, "reason"),
            ("<uuid:conversation_id>/change/", transcript.show_transcript, "change"),
            (
                "<uuid:conversation_id>/files/<uuid:file_id>/<str:output>/",
                file_views.show_file,
                "file",
            ),
            (
                "<uuid:conversation_id>/files/<uuid:file_id>/",
                file_views.download_file,
                "download_file",
            ),
            ("<uuid:conversation_id>/judge/", decision_views.save_decision, "judge"),
            ("<uuid:conversation_id>/assign/", decision_views.save_assignee, "assign"),
            ("<uuid:conversation_id>/labels/", decision_views.set_labels, "labels"),
            ("<uuid:conversation_id>/flag/", decision_views.save_flag, "flag"),
            ("<uuid:conversation_id>/notes/", decision_views.add_note, "add_note"),
            (
                "<uuid:conversation_id>/notes/<int:note_id>/delete/",
                decision_views.delete_note,
                "delete_note",
            ),
            ("<uuid:conversation_id>/hold/", hold_views.put_on_hold, "hold"),
            ("<uuid:conversation_id>/release/", hold_views.release_from_hold, "release"),
        ]
        return [
            path(route, self.admin_site.admin_view(view), name=f"review_review_{name}")
            for route, view, name in own
        ]
