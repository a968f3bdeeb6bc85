"""The search index follows messages and titles."""

from collections.abc import Sequence

from chatsite.core.offload import offload
from conversations.outbox.batches import TakenBatch
from conversations.outbox.consumers import Consumer
from conversations.search import indexing, reindexing
from conversations.search.models import MessageDocument


class SearchIndexConsumer(Consumer):
    documents: Sequence[MessageDocument] = ()

    def read_texts(self) -> None:
        self.documents = offload(indexing.build_documents, self.batch.list_texts())

    def save_results(self, taken: TakenBatch) -> None:
        indexing.save_documents(self.documents, taken.list_texts())

    def finish_batch(self, taken: TakenBatch) -> None:
        ids = taken.list_changed_conversation_ids()
        # A title is text as well.
        if not taken.is_set_aside:
            indexing.save_titles(ids)
        reindexing.take_from_owners(ids)
