"""The URLs of the chat."""

from django.urls import path

from conversations.views import conversations, feedback, messages, pages, stream

app_name = "conversations"

urlpatterns = [
    path("", pages.handle_new_chat, name="new"),
    path("conversations/", pages.show_conversation_list, name="list"),
    path("c/<uuid:conversation_id>/", pages.show_conversation, name="detail"),
    path("c/<uuid:conversation_id>/rename/", conversations.handle_rename, name="rename"),
    path("c/<uuid:conversation_id>/delete/", conversations.handle_deletion, name="delete"),
    path("c/<uuid:conversation_id>/stop/", messages.handle_stop, name="stop"),
    path("c/<uuid:conversation_id>/messages/", messages.handle_messages, name="messages"),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/source/",
        messages.show_source,
        name="source",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/retry/",
        messages.handle_retry,
        name="retry",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/feedback/",
        feedback.handle_feedback,
        name="feedback",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/stream/",
        stream.stream_reply,
        name="stream",
    ),
]
