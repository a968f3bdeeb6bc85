"""The app of conversations: chats, their messages, and the replies that a model writes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.signals import access_ended, user_erased


class ConversationsConfig(AppConfig):
    name = "conversations"
    verbose_name = _("Conversations")

    def ready(self) -> None:
        from chatsite.server import lifecycle, readiness
        from conversations.services import erasure
        from conversations.services.replies import cancellation, checkpoints
        from conversations.services.replies.lifecycle import ReplyService

        user_erased.connect(erasure.on_user_erased, dispatch_uid="conversations")
        access_ended.connect(cancellation.on_access_ended, dispatch_uid="conversations")
        readiness.register_check("checkpoint", checkpoints.check_age)
        lifecycle.register_service(ReplyService())
        lifecycle.register_worker(checkpoints.Checkpointer)
