"""Conversations in the administration: the queue, search, the transcript and what is said of it.

The lists and pages are our own (`review/views`), as Django's count and page by reading everything.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from conversations.review.models import Review
from conversations.review.views import holding, judging, queue, reasons, search, transcript


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
            ("", queue.queue, "changelist"),
            ("filters/", queue.save_filter, "save_filter"),
            ("filters/<int:filter_id>/delete/", queue.delete_filter, "delete_filter"),
            ("bulk/", queue.bulk, "bulk"),
            ("search/", search.search, "search"),
            ("reason/", reasons.reason, "reason"),
            ("<uuid:conversation_id>/change/", transcript.transcript, "change"),
            ("<uuid:conversation_id>/judge/", judging.judge, "judge"),
            ("<uuid:conversation_id>/assign/", judging.assign, "assign"),
            ("<uuid:conversation_id>/labels/", judging.set_labels, "labels"),
            ("<uuid:conversation_id>/flag/", judging.flag, "flag"),
            ("<uuid:conversation_id>/notes/", judging.add_note, "add_note"),
            (
                "<uuid:conversation_id>/notes/<int:note_id>/delete/",
                judging.delete_note,
                "delete_note",
            ),
            ("<uuid:conversation_id>/hold/", holding.hold, "hold"),
            ("<uuid:conversation_id>/release/", holding.release, "release"),
        ]
        return [
            path(route, self.admin_site.admin_view(view), name=f"review_review_{name}")
            for route, view, name in own
        ]
