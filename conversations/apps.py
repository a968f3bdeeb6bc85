"""The app of conversations: chats, their messages, and the replies that a model writes."""

from django.apps import AppConfig
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.signals import access_ended, user_erased


class ConversationsConfig(AppConfig):
    name = "conversations"
    verbose_name = _("Conversations")

    def ready(self) -> None:
        from chatsite.accounts.budgets.storage_use import register_storage
        from chatsite.accounts.erasure.account_record import add_record_part
        from chatsite.accounts.pages import AccountPage, add_account_page
        from chatsite.jobs import registry
        from chatsite.redis import link
        from chatsite.server import lifecycle, readiness
        from chatsite.server.doctor import runner as doctor
        from chatsite.server.metrics import registry as metrics
        from chatsite.server.operations.data_files import DataFolder, register_data_folder
        from conversations.attachments import lifecycle as files
        from conversations.attachments import queries, removal
        from conversations.attachments.models import Attachment
        from conversations.parameters.schema_check import SchemaService
        from conversations.services import change_feed, deletion, erasure, model_check, records
        from conversations.services.model_titles import lifecycle as titles
        from conversations.services.replies import cancellation, checkpoints, streams
        from conversations.services.replies.endings import FOLDER
        from conversations.services.replies.lifecycle import ReplyService

        post_delete.connect(removal.on_row_deleted, sender=Attachment, dispatch_uid="files")
        user_erased.connect(erasure.on_user_erased, dispatch_uid="conversations")
        access_ended.connect(cancellation.on_access_ended, dispatch_uid="conversations")
        for signal in (user_erased, access_ended):
            signal.connect(titles.on_access_ended, dispatch_uid="titles")
        register_storage(queries.measure_storage)
        add_account_page(AccountPage("my_instructions", _("Instructions")), after="account_profile")
        add_record_part(records.make_request_records)
        add_record_part(records.make_instructions_record)
        link.register_handler(change_feed.CHANGE, change_feed.feed.publish)
        link.register_handler(streams.GIVE_WAY, streams.give_way)
        link.register_handler(link.GAP, change_feed.feed.publish_to_all)
        register_data_folder(DataFolder(FOLDER, "*.json", is_before_rows=True))
        readiness.register_check("checkpoint", checkpoints.check_age)
        doctor.register_check(doctor.Check("Model", model_check.check_model))
        metrics.register_module("conversations.metrics")
        # Before the replies: none is asked for after those that the end of the process waits for.
        lifecycle.register_service(titles.TitleService())
        lifecycle.register_service(ReplyService())
        lifecycle.register_service(files.FileService())
        lifecycle.register_service(SchemaService())
        registry.register_job(deletion.JOB)
        lifecycle.register_worker(checkpoints.Checkpointer)
        lifecycle.register_worker(deletion.Deleter)
        lifecycle.register_worker(removal.FileRemover)
