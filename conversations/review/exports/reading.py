"""Reads what an export writes: reviews and conversations by their ids, several together, with what
is known of them; and their messages, a page of one long conversation or all of a few short ones.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from chatsite.accounts.models import User
from conversations.attachments.queries import load_files
from conversations.models import Conversation, Message
from conversations.review.models import Flag, Hold, Judgement, Labelling, Note, Review
from conversations.review.queries import SEE_HOLDS, reviews_for
from conversations.tree import collect_branch_ids

# Conversations read at a time, and about how many messages.
CONVERSATIONS = 50
MESSAGES = 400

type ExportBatch = Sequence["ExportedConversation"]


@dataclass
class ExportedConversation:
    """A conversation, and what an export says of it beside its messages."""

    review: Review
    # Ids of the messages of the branch that its user sees.
    shown: set[int] = field(default_factory=set)
    labels: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    decisions: list[Judgement] = field(default_factory=list)
    hold: Hold | None = None

    @property
    def conversation(self) -> Conversation:
        return self.review.conversation


def read_batches(reader: User, ids: Sequence[uuid.UUID]) -> Iterator[ExportBatch]:
    """Yield those of these that are still there for the reader: few enough together that their
    messages can be read at once, or a long one by itself.
    """
    found = reviews_for(reader).select_related(
        "conversation__owner",
        "conversation__folder",
        "conversation__assistant_version",
        "verdict",
        "assignee",
    )
    batch: list[ExportedConversation] = []
    size = 0
    for review in found.filter(pk__in=ids).order_by("pk"):
        if batch and size + review.message_count > MESSAGES:
            yield batch
            batch, size = [], 0
        batch.append(ExportedConversation(review))
        size += review.message_count
    if batch:
        yield batch


def add_branches(batch: ExportBatch) -> None:
    parents: defaultdict[uuid.UUID, dict[int, int | None]] = defaultdict(dict)
    messages = select_batch_messages(batch)
    for pk, parent, conversation in messages.values_list("pk", "parent", "conversation"):
        parents[conversation][pk] = parent
    for exported in batch:
        exported.shown = collect_branch_ids(
            parents[exported.review.pk], exported.conversation.leaf_id
        )


def add_review_data(batch: ExportBatch, reader: User) -> None:
    """Add what reviewers and rules say of them."""
    by_id = {exported.review.pk: exported for exported in batch}
    labellings = Labelling.objects.select_related("label").order_by("label__name")
    for labelling in filter_by_conversation(labellings, by_id):
        by_id[labelling.conversation_id].labels.append(labelling.label.name)
    for note in filter_by_conversation(Note.objects.select_related("author"), by_id):
        by_id[note.conversation_id].notes.append(note)
    for flag in filter_by_conversation(Flag.objects.select_related("rule", "reviewer"), by_id):
        by_id[flag.conversation_id].flags.append(flag)
    given = Judgement.objects.select_related("verdict", "reviewer").order_by("pk")
    for decision in filter_by_conversation(given, by_id):
        by_id[decision.conversation_id].decisions.append(decision)
    if reader.has_perm(SEE_HOLDS):
        for hold in filter_by_conversation(Hold.objects.select_related("placed_by"), by_id):
            by_id[hold.conversation_id].hold = hold


def filter_by_conversation[M: (Labelling, Note, Flag, Judgement, Hold)](
    rows: QuerySet[M], ids: Iterable[uuid.UUID]
) -> QuerySet[M]:
    return rows.filter(conversation__in=list(ids))


def read_message_pages(batch: ExportBatch) -> Iterator[list[Message]]:
    """Yield the messages, in the order of their conversations."""
    found = select_batch_messages(batch).defer("html").select_related("feedback")
    if len(batch) > 1:
        page = list(found)
        load_files(page, with_text=True)
        yield page
        return
    page = list(found[:MESSAGES])
    while page:
        load_files(page, with_text=True)
        yield page
        page = list(found.filter(pk__gt=page[-1].pk)[:MESSAGES]) if len(page) == MESSAGES else []


def select_batch_messages(batch: ExportBatch) -> QuerySet[Message]:
    ids = [exported.review.pk for exported in batch]
    return Message.objects.filter(conversation__in=ids).order_by("conversation", "pk")
