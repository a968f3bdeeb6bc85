"""The URLs of the chat."""

from django.urls import path

from conversations.views import conversations, feedback, messages, pages, stream

app_name = "conversations"

urlpatterns = [
    path("", pages.new, name="new"),
    path("conversations/", pages.conversation_list, name="list"),
    path("c/<uuid:conversation_id>/", pages.detail, name="detail"),
    path("c/<uuid:conversation_id>/rename/", conversations.rename, name="rename"),
    path("c/<uuid:conversation_id>/delete/", conversations.delete, name="delete"),
    path("c/<uuid:conversation_id>/stop/", messages.stop, name="stop"),
    path("c/<uuid:conversation_id>/messages/", messages.messages, name="messages"),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/source/", messages.source, name="source"
    ),
    path("c/<uuid:conversation_id>/messages/<int:message_id>/retry/", messages.retry, name="retry"),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/feedback/",
        feedback.feedback,
        name="feedback",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/stream/", stream.stream, name="stream"
    ),
]
