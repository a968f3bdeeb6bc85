"""What to send to a browser so that it shows what a `BlockStream` has by now.

All blocks stand in one container. Three operations are enough, each a plain htmx swap on an element
found from the container by `:last-child` alone:

    append    hx-swap="beforeend"    new blocks, or more content of an element that is still open
    replace   hx-swap="outerHTML"    what was shown turned out to be something else
    delete    hx-swap="delete"

Colours of code come later than the code, by a swap of their own on an element counted from the
first (`Highlighting`).

Each operation counts on those before it, and htmx looks up all targets of one message before it
swaps: send each operation as a message of its own.
"""

from conversations.rendering.blocks import BlockStream, Growing
from conversations.rendering.code_blocks import find_inside
from conversations.rendering.fences import Fence
from conversations.rendering.spine import Change, Highlighting, Operation, difference, open_tags

_SMALL = 512  # what has up to this many characters is replaced at once
_GROWTH = 1.25  # more only when it has grown by this factor, or is final


class Cursor:
    """What one browser shows of a stream.

    Of a block that grows part by part (`stream.growing`) only the number of parts is kept, and the
    HTML after them; else the HTML of all that stands after the finished blocks.
    """

    def __init__(self) -> None:
        self._blocks = 0
        self._growing: Growing | Fence | None = None
        self._path: tuple[str, ...] = ()
        self._parts = 0
        self._shown = ""
        self._replaced = 0

    def advance(self, stream: BlockStream, *, flush: bool = False) -> list[Change]:
        """The changes that bring the browser up to date, in order.

        Without `flush` the replacement of something large waits until it is worth its bytes.
        """
        return [*self._highlight(stream), *self._advance(stream, flush)]

    def _highlight(self, stream: BlockStream) -> list[Highlighting]:
        """Colours for the blocks that are shown without; what is yet to be shown has them."""
        replaced = stream.replaced[self._replaced :]
        self._replaced = len(stream.replaced)
        return [
            Highlighting(stream.position(index), find_inside(stream.finished[index]))
            for index in replaced
            if index < self._blocks
        ]

    def _advance(self, stream: BlockStream, flush: bool) -> list[Operation]:
        live, after = stream.live
        within = stream.growing is not None and stream.growing is self._growing and not after
        if within and len(stream.finished) == self._blocks:
            parts = stream.growing.parts if stream.growing else []
            wanted = "".join(parts[self._parts :]) + live
            operations = difference(self._shown, wanted, self._path)
            if operations is not None:
                if _must_wait(operations, flush or len(parts) > self._parts):
                    return []
                self._parts, self._shown = len(parts), live
                return operations
        return self._advance_whole(stream, flush)

    def _advance_whole(self, stream: BlockStream, flush: bool) -> list[Operation]:
        finished = stream.finished[self._blocks :]
        wanted = "".join(finished) + stream.open
        operations = difference(self._all_shown(), wanted) or []
        if _must_wait(operations, flush or bool(finished)):
            return []
        self._blocks = len(stream.finished)
        self._growing, self._shown = None, stream.open
        live, after = stream.live
        if stream.growing is not None and not after:
            self._growing = stream.growing
            self._path = open_tags(stream.growing.opening)
            self._parts, self._shown = len(stream.growing.parts), live
        return operations

    def _all_shown(self) -> str:
        """The HTML of all that is shown after the finished blocks."""
        growing = self._growing
        if growing is None:
            return self._shown
        done = "".join(growing.parts[: self._parts])
        return f"{growing.opening}{done}{self._shown}{growing.closing}"


def _must_wait(operations: list[Operation], final: bool) -> bool:
    return not final and any(
        operation.action == "replace"
        and _SMALL < len(operation.html) < _GROWTH * operation.replaced
        for operation in operations
    )
