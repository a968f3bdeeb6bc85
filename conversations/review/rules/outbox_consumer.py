"""Rules flag messages as they finish, and put their conversations into the queue."""

import uuid
from collections.abc import Sequence

from conversations.models import Message
from conversations.outbox.batches import TakenBatch
from conversations.outbox.consumers import Consumer
from conversations.review import review_rows as reviews
from conversations.review.rules import flagging


class FlagsConsumer(Consumer):
    matches: Sequence[tuple[Message, int]] = ()
    flagged: set[uuid.UUID]

    def read_texts(self) -> None:
        texts, used = self.batch.list_texts(), self.batch.list_with_usage()
        self.matches = flagging.find_matches(texts, late=used, one_by_one=self.batch.crashes > 0)

    def save_results(self, taken: TakenBatch) -> None:
        self.flagged = flagging.save_flags(
            self.matches, [*taken.list_texts(), *taken.list_with_usage()]
        )

    def finish_batch(self, taken: TakenBatch) -> None:
        # By now each has a row in the queue.
        reviews.enqueue_conversations(self.flagged)
