"""Compares rows of files with the bytes that are kept (`manage.py check_files`)."""

from collections.abc import Iterable
from itertools import batched

from conversations.attachments import removal, storage
from conversations.attachments.models import Attachment, RemovedContent

BATCH = 500


def find_missing() -> list[Attachment]:
    """Return the files of which some bytes are gone."""
    ready = Attachment.objects.exclude(content_key="").defer("text").order_by("pk")
    return [
        file
        for file in ready.iterator(BATCH)
        if not storage.has_content(file.content_key, file.outputs)
    ]


def find_unused() -> list[str]:
    """Return the keys of contents that no row has, and none that is being removed.

    A file that is being uploaded is kept before it has a row: so the bytes are listed first, and
    looked at again before anything is removed.
    """
    unused = []
    for keys in batched(storage.list_contents(), BATCH):
        known = set(
            Attachment.objects.filter(content_key__in=keys).values_list("content_key", flat=True)
        )
        known |= set(
            RemovedContent.objects.filter(pk__in=keys).values_list("content_key", flat=True)
        )
        unused += [key for key in keys if key not in known]
    return unused


def remove_unused(keys: Iterable[str]) -> None:
    """Remove these, but for those that have a row by now."""
    for key in keys:
        removal.remove_content(RemovedContent.objects.get_or_create(content_key=key)[0])
