"""The app of review: conversations are found, read and judged by people whose looking is itself
logged; what is learnt from them; how long they are kept.
"""

from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.pages import AccountPage
from chatsite.accounts.signals import user_erased
from chatsite.jobs import registry
from conversations.signals import feedback_changed, messages_moved, model_request_made


class ReviewConfig(AppConfig):
    name = "conversations.review"
    verbose_name = _("Review")

    def ready(self) -> None:
        from chatsite.accounts.erasure.account_record import add_record_part
        from chatsite.accounts.pages import add_account_page
        from chatsite.server import lifecycle
        from chatsite.server.metrics import registry as metrics
        from chatsite.server.startup.registry import register_missing_check
        from conversations.outbox import consumers, crashed_events, worker
        from conversations.review import feedback, moved_messages, triggers
        from conversations.review.audit import review_notices, search_words
        from conversations.review.exports import services as exporting
        from conversations.review.models import RetentionRule
        from conversations.review.retention import holds, purger
        from conversations.review.retention import services as retention
        from conversations.review.review_rows_consumer import ReviewRowsConsumer
        from conversations.review.rules import crashed_rules, dry_runs, flagging
        from conversations.review.rules.outbox_consumer import FlagsConsumer
        from conversations.review.stats import services as stats
        from conversations.review.stats.outbox_consumer import StatsConsumer
        from conversations.search import compaction, reindexing
        from conversations.search.outbox_consumer import SearchIndexConsumer

        register_missing_check(lambda: bool(triggers.missing_triggers()))
        pre_migrate.connect(triggers.on_pre_migrate, sender=self, dispatch_uid="triggers")
        post_migrate.connect(triggers.on_post_migrate, sender=self, dispatch_uid="triggers")
        feedback_changed.connect(feedback.on_feedback_changed, dispatch_uid="review")
        model_request_made.connect(stats.on_model_request_made, dispatch_uid="stats")
        messages_moved.connect(moved_messages.on_messages_moved, dispatch_uid="review")
        messages_moved.connect(holds.on_messages_moved, dispatch_uid="holds")
        add_account_page(
            AccountPage("my_reviews", _("Reviews"), review_notices.are_review_notices_on)
        )
        add_record_part(review_notices.export_review_notices)
        user_erased.connect(search_words.on_user_erased, dispatch_uid="search_words")
        user_erased.connect(stats.on_user_erased, dispatch_uid="stats")
        post_delete.connect(
            retention.on_rule_deleted, sender=RetentionRule, dispatch_uid="retention"
        )
        m2m_changed.connect(
            retention.on_membership_changed,
            sender=retention.Membership,
            dispatch_uid="retention",
        )
        for job in (
            crashed_events.JOB,
            crashed_rules.JOB,
            exporting.JOB,
            flagging.REMOVAL,
            compaction.JOB,
            retention.JOB,
        ):
            registry.register_job(job)
        # In the order in which a conversation's deletion takes the rows that they save.
        for consumer_class in (
            SearchIndexConsumer,
            StatsConsumer,
            FlagsConsumer,
            ReviewRowsConsumer,
        ):
            consumers.register_consumer(consumer_class)
        consumers.register_chore(lambda: flagging.remove_deleted_rules)
        consumers.register_chore(lambda: reindexing.add_owners)
        consumers.register_chore(lambda: compaction.IndexCompactor().work)
        metrics.register_module("conversations.outbox.metrics")
        lifecycle.register_worker(worker.OutboxWorker)
        lifecycle.register_worker(dry_runs.DryRunWorkers)
        lifecycle.register_worker(purger.Purger)
