"""The queue's rows follow their conversations."""

from conversations.outbox.batches import TakenBatch
from conversations.outbox.consumers import Consumer
from conversations.review.queue import services


class ReviewRowsConsumer(Consumer):
    def save_results(self, taken: TakenBatch) -> None:
        services.refresh(taken.conversation_ids)
