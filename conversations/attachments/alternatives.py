"""Other ways to send files that are too much for the model as they are: the first pages of a PDF,
its text, pictures in low detail.

Which are offered is worked out here: only what makes the message fit. What is chosen of them is
kept in the files' rows (choosing.py); what is sent then, and what it counts, chat_parts.py says of
a row, and of a row as it would be.
"""

import copy
import uuid
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.attachments import storage
from conversations.attachments.chat_parts import (
    IMAGE_TYPES,
    count_file_tokens,
    has_text,
    is_sent_as_text,
    measure_request_size,
    select_text,
)
from conversations.attachments.models import Attachment
from conversations.attachments.tokens import estimate_pdf_tokens

SentAs = Attachment.SentAs
# Digits of a number of pages.
DIGITS = 6


@dataclass(frozen=True)
class Choice:
    """In which way files are to be sent, by their ids; `pages` of a PDF whose first ones are."""

    sent_as: str
    files: tuple[uuid.UUID, ...]
    pages: int | None = None

    @property
    def value(self) -> str:
        """Return it as a form holds it; `read_choice` is the way back."""
        return " ".join([self.sent_as, str(self.pages or 0), *map(str, self.files)])


def read_choice(value: str) -> Choice | None:
    """Return what a form holds; None for whatever makes no sense."""
    sent_as, _space, rest = value.partition(" ")
    pages, *ids = rest.split()[:100] or [""]
    if sent_as not in SentAs.values or not pages.isdecimal() or len(pages) > DIGITS:
        return None
    with suppress(ValueError):
        return Choice(sent_as, tuple(map(uuid.UUID, ids)), int(pages) or None)
    return None


@dataclass(frozen=True)
class Alternative:
    """A choice that is offered, and what its button says."""

    choice: Choice
    label: str


@dataclass(frozen=True)
class Room:
    """What the files of a message may take: tokens, and bytes of the request."""

    tokens: int
    size: int

    def holds(self, files: Iterable[Attachment]) -> bool:
        left = self.minus(files)
        return left.tokens >= 0 and left.size >= 0

    def minus(self, files: Iterable[Attachment]) -> "Room":
        files = list(files)
        return Room(
            self.tokens - sum(map(count_file_tokens, files)),
            self.size - sum(map(measure_request_size, files)),
        )

    def share(self, count: int) -> "Room":
        return Room(self.tokens // count, self.size // count)


def list_alternatives(
    files: Sequence[Attachment], room: Room, *, named: Attachment | None = None
) -> list[Alternative]:
    """Return what makes files fit that don't. `named`: the one that alone is too much, which is
    then spoken of; else it is the longest PDF, or all pictures.
    """
    pdfs = [file for file in files if file.kind == Attachment.Kind.PDF]
    longest = named or max(pdfs, key=count_file_tokens, default=None)
    found = []
    if longest and longest.kind == Attachment.Kind.PDF and not is_sent_as_text(longest):
        # Others that alone are too much get their turn, and their share.
        fitting = [file for file in files if file != longest and room.holds([file])]
        left = room.minus(fitting).share(len(files) - len(fitting))
        found += list_pdf_alternatives(longest, left, is_named=named is not None)
    pictures = [file for file in files if can_be_smaller(file)]
    if pictures and (named is None or named in pictures):
        others = [file for file in files if file not in pictures]
        if room.holds([*others, *map(lower_detail, pictures)]):
            ids = tuple(file.pk for file in pictures)
            label = _("Send in low detail") if named else _("Send pictures in low detail")
            found.append(Alternative(Choice(SentAs.LOW_DETAIL, ids), label))
    return found


def list_pdf_alternatives(file: Attachment, room: Room, *, is_named: bool) -> list[Alternative]:
    found = []
    values = {"name": file.name}
    if pages := count_fitting_pages(file, room):
        sentence = (
            ngettext("Send only its first page", "Send only its first %(count)d pages", pages)
            if is_named
            else ngettext(
                "Send only the first page of “%(name)s”",
                "Send only the first %(count)d pages of “%(name)s”",
                pages,
            )
        )
        label = sentence % {**values, "count": pages}
        found.append(Alternative(Choice(SentAs.PAGES, (file.pk,), pages), label))
    as_text = with_choice(file, SentAs.TEXT)
    if has_text(as_text) and room.holds([as_text]):
        sentence = _("Send only its text") if is_named else _("Send only the text of “%(name)s”")
        found.append(Alternative(Choice(SentAs.TEXT, (file.pk,)), sentence % values))
    return found


def count_fitting_pages(file: Attachment, room: Room) -> int:
    """Return how many of its first pages fit; 0 where none does, or its size is not known."""
    most = file.sent_pages or file.pages or 0

    def measure(count: int) -> int:
        return count_file_tokens(with_choice(file, SentAs.PAGES, count))

    if storage.ORIGINAL not in file.outputs:
        return 0
    # About as many bytes as they are of the pages; it is known once they are made.
    by_size = most * room.size // max(measure_request_size(file), 1)
    return bisect_right(range(1, max(min(most, by_size + 1), 1)), room.tokens, key=measure)


def with_choice(file: Attachment, sent_as: str, pages: int | None = None) -> Attachment:
    """Return the row as it would be, not to be saved."""
    changed = copy.copy(file)
    changed.sent_as = sent_as
    changed.sent_pages = changed.sent_pages_tokens = None
    if pages:
        changed.sent_pages = pages
        changed.sent_pages_tokens = estimate_pdf_tokens(select_text(changed), pages)
    return changed


def lower_detail(file: Attachment) -> Attachment:
    return with_choice(file, SentAs.LOW_DETAIL)


def can_be_smaller(file: Attachment) -> bool:
    """Return whether a picture would be less in low detail."""
    small, _size = file.outputs.get("small", ("", 0))
    if not file.is_image or is_sent_as_text(file) or small not in IMAGE_TYPES:
        return False
    return count_file_tokens(lower_detail(file)) < count_file_tokens(file)
