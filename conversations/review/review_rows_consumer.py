"""The queue's rows follow their conversations."""

from conversations.outbox.batches import TakenBatch
from conversations.outbox.consumers import Consumer
from conversations.review import review_rows


class ReviewRowsConsumer(Consumer):
    def save_results(self, taken: TakenBatch) -> None:
        review_rows.refresh_rows(taken.conversation_ids)
