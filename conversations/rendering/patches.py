"""What to send to a browser so that it shows what a `BlockStream` has by now.

All blocks stand in one container. Three patches are enough, each a plain htmx swap on an element
found from the container by `:last-child` alone:

    append    hx-swap="beforeend"    new blocks, or more content of an element that is still open
    replace   hx-swap="outerHTML"    what was shown turned out to be something else
    delete    hx-swap="delete"

Colours of code come later than the code, by a swap of their own on an element counted from the
first (`HighlightPatch`).

Each patch counts on those before it, and htmx looks up all targets of one message before it
swaps: send each patch as a message of its own.
"""

from conversations.rendering.blocks import BlockStream, GrowingContainer
from conversations.rendering.code_blocks import find_inside
from conversations.rendering.fences import StreamedFence
from conversations.rendering.html_diff import (
    DomPatch,
    HighlightPatch,
    Patch,
    diff_html,
    list_open_tags,
)

_SMALL = 512  # what has up to this many characters is replaced at once
_GROWTH = 1.25  # more only when it has grown by this factor, or is final


class PatchCursor:
    """Keeps what one browser shows of a stream, and finds what to send it.

    Of a block that grows part by part (`stream.growing`) only the number of parts is kept, and the
    HTML within it after them; else the HTML of all that stands after the finished blocks.
    """

    def __init__(self) -> None:
        self._blocks = 0
        self._growing: GrowingContainer | StreamedFence | None = None
        self._path: tuple[str, ...] = ()
        self._parts = 0
        self._shown = ("", "")
        self._waits_with: tuple[str, str] | None = None
        self._replaced = 0

    def estimate_cost(self, stream: BlockStream) -> int:
        """Estimate what it takes to compare what is shown with what the stream has by now."""
        finished = stream.finished[self._blocks :]
        parts = stream.growing.parts[self._parts :] if stream.growing else []
        if self._growing and (finished or stream.growing is not self._growing):
            # All that is shown of the block that grew until now is compared.
            parts = [*parts, *self._growing.parts[: self._parts]]
        return sum(map(len, [*finished, *parts, *self._shown, *stream.live]))

    def advance(self, stream: BlockStream, *, flush: bool = False) -> list[Patch]:
        """Return the patches that bring the browser up to date, in order.

        Without `flush` the replacement of something large waits until it is worth its bytes.
        """
        return [*self._highlight(stream), *self._advance(stream, flush)]

    def _highlight(self, stream: BlockStream) -> list[HighlightPatch]:
        """Return the colours of blocks shown without; what is yet to be shown has them."""
        replaced = stream.replaced[self._replaced :]
        self._replaced = len(stream.replaced)
        return [
            HighlightPatch(stream.position(index), find_inside(stream.finished[index]))
            for index in replaced
            if index < self._blocks
        ]

    def _advance(self, stream: BlockStream, flush: bool) -> list[DomPatch]:
        live = stream.live
        if live is self._waits_with and not flush:
            return []
        patches, final = self._diff_growing(stream, live)
        whole = patches is None
        if patches is None:
            patches, final = self._diff_all(stream)
        if not (flush or final) and any(map(_must_wait, patches)):
            self._waits_with = live
            return []
        if whole:
            self._follow_stream(stream)
        self._waits_with = None
        self._parts, self._shown = _count_parts(self._growing), live
        return patches

    def _diff_growing(
        self, stream: BlockStream, live: tuple[str, str]
    ) -> tuple[list[DomPatch] | None, bool]:
        """Return the patches if only the growing block and what follows it have changed, else None;
        and whether they show something final.
        """
        growing = stream.growing
        if growing is None or growing is not self._growing or len(stream.finished) > self._blocks:
            return None, False
        new = growing.parts[self._parts :]
        inside = diff_html(self._shown[0], "".join(new) + live[0], self._path)
        if inside and self._shown[1]:
            return None, False  # the growing block is not the last one in the page
        after = diff_html(self._shown[1], live[1])
        if inside is None or after is None:
            return None, False
        return inside + after, bool(new)

    def _diff_all(self, stream: BlockStream) -> tuple[list[DomPatch], bool]:
        finished = stream.finished[self._blocks :]
        wanted = "".join(finished) + stream.open
        return diff_html(self._all_shown(), wanted) or [], bool(finished)

    def _follow_stream(self, stream: BlockStream) -> None:
        self._blocks = len(stream.finished)
        self._growing = stream.growing
        self._path = list_open_tags(stream.growing.opening) if stream.growing else ()

    def _all_shown(self) -> str:
        """Return the HTML of all that is shown after the finished blocks."""
        live, after = self._shown
        if self._growing is None:
            return after
        done = "".join(self._growing.parts[: self._parts])
        return f"{self._growing.opening}{done}{live}{self._growing.closing}{after}"


def _count_parts(growing: GrowingContainer | StreamedFence | None) -> int:
    return len(growing.parts) if growing else 0


def _must_wait(patch: DomPatch) -> bool:
    return patch.action == "replace" and _SMALL < len(patch.html) < _GROWTH * patch.replaced
