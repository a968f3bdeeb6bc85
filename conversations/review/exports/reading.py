"""Reads what an export writes: reviews and conversations by their ids, several together, with what
is known of them; and their messages, a page of one long conversation or all of a few short ones.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.review.models import Flag, Hold, Judgement, Labelling, Note, Review
from conversations.review.queries import SEE_HOLDS, reviews_for
from conversations.tree import collect_branch_ids

# Conversations read at a time, and about how many messages.
CONVERSATIONS = 50
MESSAGES = 400

type Run = Sequence["Talk"]


@dataclass
class Talk:
    """A conversation, and what an export says of it beside its messages."""

    review: Review
    # Ids of the messages of the branch that its user sees.
    shown: set[int] = field(default_factory=set)
    labels: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    hold: Hold | None = None

    @property
    def conversation(self) -> Conversation:
        return self.review.conversation


def runs(reader: User, ids: Sequence[uuid.UUID]) -> Iterator[Run]:
    """Those of these that are still there for the reader: few enough together that their messages
    can be read at once, or a long one by itself.
    """
    found = reviews_for(reader).select_related("conversation__owner", "verdict", "assignee")
    run: list[Talk] = []
    size = 0
    for review in found.filter(pk__in=ids).order_by("pk"):
        if run and size + review.message_count > MESSAGES:
            yield run
            run, size = [], 0
        run.append(Talk(review))
        size += review.message_count
    if run:
        yield run


def add_branches(run: Run) -> None:
    parents: defaultdict[uuid.UUID, dict[int, int | None]] = defaultdict(dict)
    for pk, parent, conversation in messages_of(run).values_list("pk", "parent", "conversation"):
        parents[conversation][pk] = parent
    for talk in run:
        talk.shown = collect_branch_ids(parents[talk.review.pk], talk.conversation.leaf_id)


def add_judgements(run: Run, reader: User) -> None:
    """What reviewers and rules say of them."""
    talks = {talk.review.pk: talk for talk in run}
    for labelling in of(Labelling.objects.select_related("label").order_by("label__name"), talks):
        talks[labelling.conversation_id].labels.append(labelling.label.name)
    for note in of(Note.objects.select_related("author"), talks):
        talks[note.conversation_id].notes.append(note)
    for flag in of(Flag.objects.select_related("rule", "reviewer"), talks):
        talks[flag.conversation_id].flags.append(flag)
    given = Judgement.objects.select_related("verdict", "reviewer").order_by("pk")
    for judgement in of(given, talks):
        talks[judgement.conversation_id].judgements.append(judgement)
    if reader.has_perm(SEE_HOLDS):
        for hold in of(Hold.objects.select_related("placed_by"), talks):
            talks[hold.conversation_id].hold = hold


def of[M: (Labelling, Note, Flag, Judgement, Hold)](
    rows: QuerySet[M], talks: Iterable[uuid.UUID]
) -> QuerySet[M]:
    return rows.filter(conversation__in=list(talks))


def pages(run: Run) -> Iterator[list[Message]]:
    """The messages, in the order of their conversations."""
    found = messages_of(run).defer("html").select_related("feedback")
    if len(run) > 1:
        yield list(found)
        return
    page = list(found[:MESSAGES])
    while page:
        yield page
        page = list(found.filter(pk__gt=page[-1].pk)[:MESSAGES]) if len(page) == MESSAGES else []


def messages_of(run: Run) -> QuerySet[Message]:
    ids = [talk.review.pk for talk in run]
    return Message.objects.filter(conversation__in=ids).order_by("conversation", "pk")
