"""What rules and reviewers have said of a conversation: flags, notes and verdicts."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from conversations.models import Message
from conversations.review.models import Flag, Judgement, Note


@dataclass(frozen=True)
class Annotations:
    """Flags and notes the oldest first, verdicts the latest first: how the last one came to be.

    Those without a message are of the conversation as a whole.
    """

    flags: list[Flag]
    notes: list[Note]
    judgements: list[Judgement]

    def flags_of(self, message_id: int | None) -> list[Flag]:
        return [flag for flag in self.flags if flag.message_id == message_id]

    def notes_of(self, message_id: int | None) -> list[Note]:
        return [note for note in self.notes if note.message_id == message_id]

    @property
    def flag_by_hand(self) -> Flag | None:
        return next(iter(self.flags_of(None)), None)


def list_annotations(conversation_id: uuid.UUID, messages: Iterable[Message]) -> Annotations:
    """Return what is said of the conversation, and of these of its messages: a rule may have
    flagged thousands.
    """
    theirs = Q(message=None) | Q(message__in=[message.pk for message in messages])
    shown = Q(theirs, conversation=conversation_id)
    judgements = Judgement.objects.filter(conversation=conversation_id)
    return Annotations(
        flags=list(Flag.objects.filter(shown).select_related("rule", "reviewer")),
        notes=list(Note.objects.filter(shown).select_related("author")),
        judgements=list(judgements.select_related("verdict", "reviewer")),
    )
