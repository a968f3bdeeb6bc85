"""A text rendered while it grows: finished blocks stay, only the open end is rendered again."""

from dataclasses import dataclass, field

from conversations.rendering.elements import RenderedBlock
from conversations.rendering.fences import StreamedFence, is_fence_closed
from conversations.rendering.html_diff import count_elements
from conversations.rendering.incomplete_markdown import complete_markdown
from conversations.rendering.markdown import render_blocks
from conversations.rendering.parser import find_link_definitions
from conversations.rendering.placeholder_extraction import extract_placeholders
from conversations.rendering.placeholders import ExtractedText, normalise_source
from conversations.rendering.plain_words import add_words
from conversations.rendering.references import References
from conversations.rendering.sanitise import sanitise_html, sanitise_parts
from conversations.rendering.work_budget import WorkBudget, estimate_cost


@dataclass(eq=False)
class GrowingContainer:
    """A list or a table of which all parts (items, rows) but the last are finished.

    `head` is the source that the last part needs before it to be read as what it is.
    """

    kind: str
    opening: str
    closing: str
    head: str
    parts: list[str] = field(default_factory=list)


class BlockStream:
    """Renders a growing text; `"".join(finished) + open` is what a reader sees.

    `finished` is only ever appended to; `replace` gives one of them other HTML of the same text,
    and `replaced` lists which in order. That a link reference or a footnote is defined after a
    finished block that names it shows only in `render` of the whole text.
    """

    def __init__(self, prefix: str) -> None:
        self.finished: list[str] = []
        self.replaced: list[int] = []
        self.growing: GrowingContainer | StreamedFence | None = None
        self._prefix = prefix
        self._references = References()
        self._carriage_return = ""
        self._tail = ""
        self._budget = WorkBudget()
        self._divided_at = 0
        self._is_due = True
        self._live = ("", "")
        # The open end as it was rendered last, whole; "" when that is of no use any more.
        self._rendered_tail, self._rendered = "", ("", "")
        self._elements_before = [0]

    def feed(self, new_text: str) -> None:
        """Take the next piece of the text, of any size."""
        new_text = self._carriage_return + new_text
        self._carriage_return = "\r" if new_text.endswith("\r") else ""
        self._take(normalise_source(new_text.removesuffix("\r")))

    def estimate_cost(self, new_text: str) -> int:
        """Estimate what it takes to feed that text and to read what follows from it."""
        size = self._references.size
        cost = estimate_cost(self._tail, self._live, size) + estimate_cost(new_text, [new_text], 0)
        if isinstance(self.growing, StreamedFence) and self.growing.run in new_text:
            cost += estimate_cost(self.growing.rest(), [], size)
        return cost

    def close(self) -> str:
        """End the text and return its HTML: that of `render`, if nothing is defined late."""
        self.feed("\n" if self._carriage_return else "")
        if isinstance(self.growing, StreamedFence):
            self._replace_tail(self.growing.rest())
            self.growing = None
        self._finish(len(self._tail))
        return "".join(self.finished)

    def replace(self, index: int, html: str) -> None:
        """Show a finished block in another way: its elements and their text stay the same."""
        self.finished[index] = html
        self.replaced.append(index)

    def position(self, index: int) -> int:
        """Return where the first element of a finished block is among its siblings, from 1."""
        before = self._elements_before
        while len(before) <= index:
            before.append(before[-1] + count_elements(self.finished[len(before) - 1]))
        return before[index] + 1

    @property
    def open(self) -> str:
        """The HTML of what may still change."""
        live, after = self.live
        if self.growing is None:
            return after
        done = "".join(self.growing.parts)
        return f"{self.growing.opening}{done}{live}{self.growing.closing}{after}"

    @property
    def live(self) -> tuple[str, str]:
        """The HTML that goes on in the `growing` block, and that which stands after it.

        A large open end, no part of which is finished, may lag behind by a small part of it.
        """
        if isinstance(self.growing, StreamedFence):
            return self.growing.live, ""
        if self._is_due:
            self._live = self._add_words() or self._render_open()
            self._is_due = False
        return self._live

    def _add_words(self) -> tuple[str, str] | None:
        """Return what is live when nothing but words has come since it was rendered, else None."""
        source, (live, after) = self._rendered_tail, self._rendered
        if not source:
            return None
        longer = add_words(after or live, source, self._tail[len(source) :])
        if longer is None:
            return None
        self._budget.spend(len(longer))
        return (live, longer) if after else (longer, "")

    def _render_open(self) -> tuple[str, str]:
        extracted, references = complete_markdown(self._tail, self._references)
        found = render_blocks(extracted, references, prefix=self._prefix)
        self._spend(self._tail, found)
        live = ""
        if self._goes_on_in(found):
            live = _parts(found.pop(0))
        after = "".join(sanitise_html(block.html) for block in found)
        self._rendered_tail, self._rendered = self._tail, (live, after)
        return live, after

    def _goes_on_in(self, found: list[RenderedBlock]) -> bool:
        """Whether the first of these blocks is the rest of the list or table that grows."""
        growing = self.growing
        return (
            isinstance(growing, GrowingContainer) and bool(found) and found[0].kind == growing.kind
        )

    def _spend(self, source: str, found: list[RenderedBlock]) -> None:
        html = (block.html for block in found)
        self._budget.spend(estimate_cost(source, html, self._references.size))

    def _take(self, text: str) -> None:
        self._budget.earn(len(text))
        self._is_due = self._is_due or self._budget.is_positive
        if isinstance(self.growing, StreamedFence):
            after = self.growing.feed(text)
            if after is None:
                return
            self._replace_tail(self.growing.closed_source())
            self.growing = None
            self._finish(len(self._tail))
            text = after
        self._tail += text
        if self._budget.is_positive and self._tail.find("\n", self._divided_at) >= 0:
            self._divided_at = len(self._tail)
            while self._divide():
                pass

    def _divide(self) -> bool:
        """Take from the open end what is finished; return true if that may go on."""
        complete = self._tail[: self._tail.rfind("\n") + 1]
        extracted = extract_placeholders(complete, growing=True)
        found = render_blocks(extracted, self._references.copy(), prefix=self._prefix)
        self._spend(complete, found)
        cut = _cut(extracted, found)
        if cut:
            self._finish(cut)
        elif len(found) == 1 and found[0].kind in ("List", "Table"):
            self._keep_parts(extracted, found[0])
        elif len(found) == 1 and found[0].kind == "CodeBlock" and extracted.ends_in_fence:
            self._enter_fence()
        return bool(cut) and bool(self._tail)

    def _finish(self, cut: int) -> None:
        """Render the text up to there, which is final."""
        found = self._absorb(self._tail[:cut])
        self._replace_tail(self._tail[cut:])
        if isinstance(self.growing, GrowingContainer):
            last = _parts(found.pop(0)) if self._goes_on_in(found) else ""
            parts = "".join(self.growing.parts)
            self.finished.append(f"{self.growing.opening}{parts}{last}{self.growing.closing}")
            self.growing = None
        self.finished += [html for block in found if (html := sanitise_html(block.html))]

    def _keep_parts(self, extracted: ExtractedText, block: RenderedBlock) -> None:
        """Keep all parts but the last, as they are final."""
        if len(block.parts) < 2:
            return
        start, line = extracted.find_line_at(block.parts[-1][0])
        if not line.is_safe_split or start <= block.parts[-2][0]:
            return
        if not isinstance(self.growing, GrowingContainer):
            first = extracted.find_line_at(block.parts[0][0])[1].start
            head = self._tail[:first] if block.kind == "Table" else ""
            opening = sanitise_html(block.opening + block.closing).removesuffix(block.closing)
            self.growing = GrowingContainer(block.kind, opening, block.closing, head)
        done = self._absorb(self._tail[: line.start])
        self.growing.parts += [_parts(it) for it in done if it.kind == block.kind]
        if self.growing.head:
            self._references.tables -= 1  # it is read again with the next rows
        self._replace_tail(self.growing.head + self._tail[line.start :])

    def _replace_tail(self, tail: str) -> None:
        self._tail, self._rendered_tail = tail, ""
        self._divided_at = 0
        self._is_due = True

    def _enter_fence(self) -> None:
        fence = StreamedFence.at_start(self._tail)
        if fence is not None and fence.feed(self._tail[len(fence.source[0]) :]) is None:
            self._replace_tail("")
            self.growing = fence

    def _absorb(self, source: str) -> list[RenderedBlock]:
        """Render a final part of the text and keep what it defines for the later ones."""
        extracted = extract_placeholders(source)
        found = render_blocks(extracted, self._references, prefix=self._prefix)
        self._spend(source, found)
        self._references.links = find_link_definitions(extracted) | self._references.links
        return found


def _parts(block: RenderedBlock) -> str:
    return sanitise_parts(block.kind, "".join(html for _, html in block.parts))


def _cut(extracted: ExtractedText, found: list[RenderedBlock]) -> int:
    """Find where the source may be cut so that all before is final; 0 if nowhere.

    What ends by itself is final, and so is all before a block that has begun with a whole line.
    """
    if found and _ends_itself(extracted, found[-1]):
        start, line = extracted.find_line_from(found[-1].end)
        if line.is_safe_split and start >= found[-1].end:
            return line.start
    # A definition that has just been read may go on: its title may be on the next line.
    after_blank_only = "]:" in extracted.text
    for before, block in zip(found[-2::-1], found[:0:-1], strict=True):
        start, line = extracted.find_line_at(block.start)
        may_cut = not after_blank_only or _ends_blank(extracted.slice_bytes(0, start))
        if line.is_safe_split and start >= before.end and may_cut:
            return line.start
    return 0


def _ends_itself(extracted: ExtractedText, block: RenderedBlock) -> bool:
    if block.kind == "CodeBlock":
        return not extracted.ends_in_fence and is_fence_closed(
            extracted.slice_bytes(block.start, block.end)
        )
    return block.kind in ("Heading", "Rule")


def _ends_blank(text: str) -> bool:
    return not text[text.rfind("\n", 0, -1) + 1 :].strip()
