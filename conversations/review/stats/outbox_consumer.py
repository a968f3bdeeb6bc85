"""The daily stats follow messages that finish, and what they took."""

from conversations.outbox.batches import TakenBatch
from conversations.outbox.consumers import Consumer
from conversations.review.stats import services


class StatsConsumer(Consumer):
    def lock_rows(self, taken: TakenBatch) -> None:
        # Users first, as the erasure of one does: locks in one order make no deadlock.
        services.lock_owners(taken.conversation_ids)

    def save_results(self, taken: TakenBatch) -> None:
        services.count_messages(taken.list_endings(), used=taken.list_added_usage())
