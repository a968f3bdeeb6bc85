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
from chatsite.core.offload import offload
from chatsite.jobs import attempts
from chatsite.jobs.registry import Job
from conversations.models import Message
from conversations.review.audit import services as access_log
from conversations.review.exports import reading
from conversations.review.exports.formats import FineTuning, Table, Whole, Writer
from conversations.review.exports.reading import Run, Talk
from conversations.review.exports.selection import Selection
from conversations.review.identities import SEE
from conversations.review.models import AccessEntry, Export

# Bytes sent at a time, and seconds after which progress is noted down.
CHUNK = 64 * 1024
INTERVAL = 1.0
# How long the list of exports remembers what was asked for.
KEPT = timedelta(days=30)
JOB = Job("exports", _("Exports leave it out."))


def begin(
    *, reader: User, selection: Selection, form: Export.Format, query: str, reason: str = ""
) -> Export:
    return Export.objects.create(
        started_by=reader, format=form, query=query, reason=reason, total=len(selection)
    )


def stream(
    *, export: Export, selection: Selection, reader: User, entry: AccessEntry
) -> Iterator[bytes]:
    """The file, in pieces of a size that is worth sending. What is in it is noted down as shown by
    `entry`, before it is sent.
    """
    kept = bytearray()
    for piece in pieces(export, selection, reader, entry):
        kept += piece
        if len(kept) >= CHUNK:
            release_connection()
            yield bytes(kept)
            kept.clear()
    release_connection()
    yield bytes(kept)


def pieces(
    export: Export, selection: Selection, reader: User, entry: AccessEntry
) -> Iterator[bytes]:
    head, make = writers(export, reader)
    yield head
    progress = Progress(export)
    for ids in selection.slices(reading.CONVERSATIONS):
        together, alone, left_out = by_crashes(ids)
        export.left_out += len(left_out)
        for some in (together, *([each] for each in alone)):
            with attempts.record_attempt(JOB.name, map(item_of, some)):
                for run in reading.runs(reader, some):
                    access_log.record_disclosures(entry, (talk.conversation for talk in run))
                    reading.add_branches(run)
                    if export.format == Export.Format.WHOLE:
                        reading.add_judgements(run, reader)
                    yield from written(run, make)
        for each in alone:
            attempts.clear_crashes(JOB.name, item_of(each))
        progress.add(len(ids))


def item_of(conversation_id: uuid.UUID) -> str:
    return f"conversation {conversation_id}"


def by_crashes(
    ids: Sequence[uuid.UUID],
) -> tuple[list[uuid.UUID], list[uuid.UUID], list[uuid.UUID]]:
    """Those to be written together; those each alone, at which the process died; and those at which
    it died again, which are left out.
    """
    crashes = attempts.count_crashes(JOB.name, map(item_of, ids))
    if not crashes:
        return list(ids), [], []
    groups: tuple[list[uuid.UUID], list[uuid.UUID], list[uuid.UUID]] = ([], [], [])
    for each in ids:
        groups[min(crashes.get(item_of(each), 0), attempts.LIMIT)].append(each)
    return groups


def writers(export: Export, reader: User) -> tuple[bytes, Callable[[Talk], Writer]]:
    """What the file begins with, and what writes a conversation of it."""
    with_names = reader.has_perm(SEE)
    match export.format:
        case Export.Format.MESSAGES:
            return FineTuning.head, FineTuning
        case Export.Format.CSV:
            return Table.head, partial(Table, with_names=with_names)
        case _:
            return Whole.head, partial(Whole, with_names=with_names)


def written(run: Run, make: Callable[[Talk], Writer]) -> Iterator[bytes]:
    """Writing takes the processor, so it is done away from the event loop."""
    if len(run) > 1:
        for page in reading.pages(run):
            yield offload(at_once, run, make, page)
        return
    writer = make(run[0])
    for page in reading.pages(run):
        yield offload(writer.write, page)
    yield writer.end()


def at_once(run: Run, make: Callable[[Talk], Writer], messages: Sequence[Message]) -> bytes:
    of: dict[uuid.UUID, list[Message]] = {
        pk: list(theirs) for pk, theirs in groupby(messages, key=lambda each: each.conversation_id)
    }
    parts: list[bytes] = []
    for talk in run:
        writer = make(talk)
        parts += [writer.write(of.get(talk.review.pk, [])), writer.end()]
    return b"".join(parts)


class Progress:
    """How far it is, noted down now and then."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._saved_at = time.monotonic()

    def add(self, count: int) -> None:
        self._export.written += count
        if time.monotonic() - self._saved_at >= INTERVAL:
            save(self._export, Export.State.RUNNING)
            self._saved_at = time.monotonic()


def followed(*, export: Export, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Passes on what is sent, and notes down how that ends: also when the reader goes, or is sent
    away.
    """
    save(export, Export.State.RUNNING)
    try:
        yield from chunks
    except BaseException:
        save(export, Export.State.BROKEN)
        raise
    save(export, Export.State.DONE)


def save(export: Export, state: Export.State) -> None:
    found = Export.objects.filter(pk=export.pk)
    found.update(
        state=state,
        written=export.written,
        left_out=export.left_out,
        heartbeat_at=timezone.now(),
    )
    release_connection()


def forget_old() -> None:
    """Filters may say what was looked for, so they aren't kept for good."""
    Export.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
