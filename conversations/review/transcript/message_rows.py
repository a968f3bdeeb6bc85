"""A message as the transcript shows it: with what is known and what is said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conversations.attachments.queries import load_files
from conversations.models import Message
from conversations.presenter import MessageView
from conversations.reply_details import measure_first_word, measure_whole_time
from conversations.review.models import Flag, Note
from conversations.review.transcript.annotations import Annotations
from conversations.review.transcript.pages import TranscriptPage
from conversations.tree import Siblings


@dataclass(frozen=True)
class MessageRow:
    message: Message
    siblings: Siblings | None
    flags: Sequence[Flag]
    notes: Sequence[Note]
    is_marked: bool

    @property
    def view(self) -> MessageView:
        return MessageView(
            self.message, is_read_only=True, files_template="review/transcript/_files.html"
        )

    @property
    def first_token(self) -> float | None:
        return measure_first_word(self.message)

    @property
    def total(self) -> float | None:
        return measure_whole_time(self.message)


def make_message_rows(
    page: TranscriptPage, siblings: Mapping[int, Siblings], annotations: Annotations
) -> list[MessageRow]:
    load_files(page.messages)
    return [
        MessageRow(
            message,
            siblings.get(message.pk),
            annotations.flags_of(message.pk),
            annotations.notes_of(message.pk),
            is_marked=message.pk == page.marked,
        )
        for message in page.messages
    ]
