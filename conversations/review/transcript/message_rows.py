"""A message as the transcript shows it: with what is known and what is said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from conversations.models import Message
from conversations.presenter import MessageView
from conversations.review.transcript.annotations import Remark, Remarks
from conversations.review.transcript.pages import TranscriptPage
from conversations.tree import Siblings


@dataclass(frozen=True)
class MessageRow:
    message: Message
    siblings: Siblings | None
    flags: Sequence[Remark]
    notes: Sequence[Remark]
    is_marked: bool

    @property
    def view(self) -> MessageView:
        return MessageView(self.message, is_read_only=True)

    @property
    def first_token(self) -> float | None:
        """Seconds that its user waited for the first word, since they had sent their message."""
        return self.seconds_until(self.message.first_token_at)

    @property
    def total(self) -> float | None:
        """Seconds until it was finished."""
        return self.seconds_until(self.message.finished_at)

    def seconds_until(self, moment: datetime | None) -> float | None:
        return (moment - self.message.created_at).total_seconds() if moment else None


def make_message_rows(
    page: TranscriptPage, siblings: Mapping[int, Siblings], remarks: Remarks
) -> list[MessageRow]:
    return [
        MessageRow(
            message,
            siblings.get(message.pk),
            *remarks.of_message(message.pk),
            is_marked=message.pk == page.marked,
        )
        for message in page.messages
    ]
