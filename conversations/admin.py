"""Conversations and messages in the administration: found and read, never changed or deleted."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from conversations.models import Conversation, Message


class ReadOnlyAdmin[M: Model](admin.ModelAdmin[M]):
    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin[Conversation]):
    list_display = ("title", "owner", "model", "created_at", "last_activity_at")
    list_filter = ("model", "archived")
    list_select_related = ("owner",)
    search_fields = ("title", "owner__username", "owner__email")
    date_hierarchy = "last_activity_at"
    # Counting what a search doesn't match would read the whole table.
    show_full_result_count = False


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin[Message]):
    list_display = (
        "conversation",
        "role",
        "status",
        "beginning",
        "model",
        "completion_tokens",
        "cost_usd",
        "created_at",
    )
    list_filter = ("role", "status", "model")
    list_select_related = ("conversation",)
    search_fields = ("text", "conversation__title", "conversation__owner__username")
    exclude = ("html", "html_version")
    show_full_result_count = False
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).defer("html")

    @admin.display(description=Message._meta.get_field("text").verbose_name)
    def beginning(self, message: Message) -> str:
        return message.text[:80]
