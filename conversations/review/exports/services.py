"""An export, made while it is sent: memory holds the messages of a few conversations, a page of a
long one, and 16 bytes for each conversation that is to come.

Between two pieces no database connection is held and no transaction is open: the file isn't of one
moment. Which conversations are in it was decided when it began (`exports/selection.py`); each is
written as it is when its turn comes, and one that was deleted by then is left out.
"""

import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.models import User
from chatsite.core.connections import release_connection
from chatsite.core.offload import offload_with_io
from chatsite.jobs import attempts
from chatsite.jobs.registry import Job
from conversations.models import Message
from conversations.review.audit import services as access_log
from conversations.review.exports import reading
from conversations.review.exports.formats import (
    ConversationWriter,
    CsvWriter,
    EverythingWriter,
    FineTuningWriter,
)
from conversations.review.exports.reading import ExportBatch, ExportedConversation
from conversations.review.exports.selection import ExportSelection
from conversations.review.identities import SEE
from conversations.review.models import AccessEntry, Export

# Bytes sent at a time, and seconds after which progress is saved.
CHUNK = 64 * 1024
INTERVAL = 1.0
# How long the list of exports remembers what was asked for.
RETENTION = timedelta(days=30)
JOB = Job("exports", _("Exports leave it out."))

type WriterMaker = Callable[[ExportedConversation], ConversationWriter]


def create_export(
    *, reader: User, selection: ExportSelection, form: Export.Format, query: str, reason: str = ""
) -> Export:
    return Export.objects.create(
        started_by=reader, format=form, query=query, reason=reason, total=len(selection)
    )


def stream_export(
    *, export: Export, selection: ExportSelection, reader: User, entry: AccessEntry
) -> Iterator[bytes]:
    """Yield the file, in pieces of a size that is worth sending. What is in it is recorded as
    shown by `entry`, before it is sent.
    """
    buffer = bytearray()
    for piece in generate_pieces(export, selection, reader, entry):
        buffer += piece
        if len(buffer) >= CHUNK:
            release_connection()
            yield bytes(buffer)
            buffer.clear()
    release_connection()
    yield bytes(buffer)


def generate_pieces(
    export: Export, selection: ExportSelection, reader: User, entry: AccessEntry
) -> Iterator[bytes]:
    head, make = choose_writer(export, reader)
    yield head
    progress = Progress(export)
    for ids in selection.split_ids(reading.CONVERSATIONS):
        together, alone, left_out = group_by_crashes(ids)
        export.left_out += len(left_out)
        for some in (together, *([each] for each in alone)):
            with attempts.record_attempt(JOB.name, map(name_conversation_item, some)):
                for batch in reading.read_batches(reader, some):
                    access_log.record_disclosures(
                        entry, (exported.conversation for exported in batch)
                    )
                    reading.add_branches(batch)
                    if export.format == Export.Format.WHOLE:
                        reading.add_review_data(batch, reader)
                    yield from write_batch(batch, make)
        for each in alone:
            attempts.clear_crashes(JOB.name, name_conversation_item(each))
        progress.add_written(len(ids))


def name_conversation_item(conversation_id: uuid.UUID) -> str:
    return f"conversation {conversation_id}"


def group_by_crashes(
    ids: Sequence[uuid.UUID],
) -> tuple[list[uuid.UUID], list[uuid.UUID], list[uuid.UUID]]:
    """Return those to be written together; those each alone, at which the process died; and those
    at which it died again, which are left out.
    """
    crashes = attempts.count_crashes(JOB.name, map(name_conversation_item, ids))
    if not crashes:
        return list(ids), [], []
    groups: tuple[list[uuid.UUID], list[uuid.UUID], list[uuid.UUID]] = ([], [], [])
    for each in ids:
        groups[min(crashes.get(name_conversation_item(each), 0), attempts.LIMIT)].append(each)
    return groups


def choose_writer(export: Export, reader: User) -> tuple[bytes, WriterMaker]:
    """Return what the file begins with, and what writes a conversation of it."""
    with_names = reader.has_perm(SEE)
    match export.format:
        case Export.Format.MESSAGES:
            return FineTuningWriter.head, FineTuningWriter
        case Export.Format.CSV:
            return CsvWriter.head, partial(CsvWriter, with_names=with_names)
        case _:
            return EverythingWriter.head, partial(EverythingWriter, with_names=with_names)


def write_batch(batch: ExportBatch, make: WriterMaker) -> Iterator[bytes]:
    """Write a batch. It takes the processor, so it is done away from the event loop; pictures
    are read meanwhile."""
    if len(batch) > 1:
        for page in reading.read_message_pages(batch):
            yield offload_with_io(write_together, batch, make, page)
        return
    writer = make(batch[0])
    for page in reading.read_message_pages(batch):
        yield offload_with_io(writer.write_messages, page)
    yield writer.finish()


def write_together(
    batch: ExportBatch,
    make: WriterMaker,
    messages: Sequence[Message],
) -> bytes:
    by_conversation: dict[uuid.UUID, list[Message]] = {
        pk: list(theirs) for pk, theirs in groupby(messages, key=lambda each: each.conversation_id)
    }
    parts: list[bytes] = []
    for exported in batch:
        writer = make(exported)
        parts += [
            writer.write_messages(by_conversation.get(exported.review.pk, [])),
            writer.finish(),
        ]
    return b"".join(parts)


class Progress:
    """How far an export is, saved now and then."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._saved_at = time.monotonic()

    def add_written(self, count: int) -> None:
        self._export.written += count
        if time.monotonic() - self._saved_at >= INTERVAL:
            save_state(self._export, Export.State.RUNNING)
            self._saved_at = time.monotonic()


def track_export(*, export: Export, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Pass on what is sent, and save how that ends: also when the reader goes, or is sent
    away.
    """
    save_state(export, Export.State.RUNNING)
    try:
        yield from chunks
    except BaseException:
        save_state(export, Export.State.BROKEN)
        raise
    save_state(export, Export.State.DONE)


def save_state(export: Export, state: Export.State) -> None:
    found = Export.objects.filter(pk=export.pk)
    found.update(
        state=state,
        written=export.written,
        left_out=export.left_out,
        heartbeat_at=timezone.now(),
    )
    release_connection()


def delete_old_exports() -> None:
    """Delete old exports, as their filters may say what was looked for."""
    Export.objects.filter(created_at__lt=timezone.now() - RETENTION).delete()
