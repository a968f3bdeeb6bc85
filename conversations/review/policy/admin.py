"""The policy of reviews in the administration: one form, no list."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from conversations.review.models import ReviewPolicy


@admin.register(ReviewPolicy)
class ReviewPolicyAdmin(admin.ModelAdmin[ReviewPolicy]):
    fieldsets = (
        (_("Being seen"), {"fields": ("reason", "hides_pictures")}),
        (_("What users are told"), {"fields": ("tells_users",)}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ReviewPolicy | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
        return redirect("admin:review_reviewpolicy_change", 1)

    def get_object(self, request: HttpRequest, object_id: str, *_: Any) -> ReviewPolicy | None:
        return ReviewPolicy.objects.get_or_create(pk=1)[0] if object_id == "1" else None
