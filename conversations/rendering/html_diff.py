"""Compares two pieces of HTML along their right edge: the patches that make one of the other.

Text is written at its end, so what was shown and what is to be shown mostly begin alike, and what
follows is more content of the elements that are open there: the last child of the last child …
"""

import re
from dataclasses import dataclass, field
from typing import Literal

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?:[^>\"]|\"[^\"]*\")*>")
_ENTITY = re.compile(r"&[a-z]*\Z")
_VOID = frozenset({"br", "hr", "input"})

type Path = tuple[str, ...]


@dataclass(frozen=True)
class DomPatch:
    """One change of the page: a swap of htmx.

    `path` holds the tags from a child of the container down to the element that is meant; an empty
    one means the container. `replaced` is the length of the HTML that gives way.
    """

    action: Literal["append", "replace", "delete"]
    path: Path
    html: str = ""
    replaced: int = 0

    def selector(self, container: str) -> str:
        """Return the CSS selector of the element, given that of the container."""
        return " > ".join([container, *(f"{tag}:last-child" for tag in self.path)])

    @property
    def swap(self) -> str:
        """The value for hx-swap."""
        return {"append": "beforeend", "replace": "outerHTML", "delete": "delete"}[self.action]


@dataclass
class _Level:
    """What one of the open elements holds after the point where the two pieces part."""

    html: str = ""
    elements: list[str] = field(default_factory=list)
    has_text: bool = False


@dataclass
class _Edge:
    """A piece of HTML, from that point on, level by level; the first level is outside all."""

    stack: list[tuple[str, int]]
    html: str
    parting: int
    levels: list[_Level]

    def path(self, level: int) -> Path:
        return tuple(tag for tag, _ in self.stack[:level])

    def element(self, level: int) -> str:
        """Return the open element of that level, whole."""
        inner = self.html[self.stack[level - 1][1] : self.parting]
        for depth in range(len(self.stack), level - 1, -1):
            inner += f"{self.levels[depth].html}</{self.stack[depth - 1][0]}>"
        return inner

    def only_changes_at(self, level: int) -> bool:
        return not any(there.html for there in self.levels[level + 1 :])


@dataclass(frozen=True)
class HighlightPatch:
    """The change by which code that is shown gets its colours.

    `position` is that of its block among the children of the container, from 1.
    """

    position: int
    html: str
    swap: str = "innerHTML"

    def selector(self, container: str) -> str:
        """Return the CSS selector of the code, given that of the container."""
        return f"{container} > :nth-child({self.position}) code"


type Patch = DomPatch | HighlightPatch


def count_elements(html: str) -> int:
    """Count the elements that stand side by side in a piece of whole HTML."""
    return len(_sort_by_level(html, 0, 0)[0].elements)


def list_open_tags(html: str) -> Path:
    """Return the tags of the elements that are still open at the end."""
    return tuple(tag for tag, _ in _find_open_elements(html, len(html))[0])


def diff_html(shown: str, wanted: str, path: Path = ()) -> list[DomPatch] | None:
    """Return the patches that turn `shown` into `wanted`, whole elements within the one at `path`.

    None if there are none such: text right in that element has changed.
    """
    if shown == wanted:
        return []
    stack, parting = _find_open_elements(shown, _common_length(shown, wanted))
    old = _Edge(stack, shown, parting, _sort_by_level(shown, parting, len(stack)))
    new = _Edge(stack, wanted, parting, _sort_by_level(wanted, parting, len(stack)))
    if old.levels[0].has_text:
        return None
    patches = [*_delete_at_root(old, new), *_patch_deeper(old, new)]
    return [DomPatch(step.action, path + step.path, step.html, step.replaced) for step in patches]


def _delete_at_root(old: _Edge, new: _Edge) -> list[DomPatch]:
    """Delete the elements that are gone, the last one first."""
    gone = [DomPatch("delete", (tag,)) for tag in reversed(old.levels[0].elements)]
    if gone and not old.stack and new.levels[0].html:
        gone.pop()
    return gone


def _patch_deeper(old: _Edge, new: _Edge) -> list[DomPatch]:
    patches: list[DomPatch] = []
    level = _shallowest_change(old, new)
    if level is None:
        level = len(old.stack)
        if not level and old.levels[0].html and new.levels[0].html:
            return _replace_element(
                (old.levels[0].elements[0],), new.levels[0].html, old.levels[0].html
            )
    else:
        patches = _patch_level(old, new, level)
        level -= 1
    for depth in range(level, -1, -1):
        if html := new.levels[depth].html:
            patches.append(DomPatch("append", new.path(depth), html))
    return patches


def _shallowest_change(old: _Edge, new: _Edge) -> int | None:
    """Find the outermost level, but for the root, where more has happened than an addition.

    White space alone can't be added: htmx makes no swap of it.
    """
    for level in range(1, len(old.levels)):
        if old.levels[level].html or new.levels[level].html.isspace():
            return level
    return None


def _patch_level(old: _Edge, new: _Edge, level: int) -> list[DomPatch]:
    before, after = old.levels[level], new.levels[level]
    alone = old.only_changes_at(level) and new.only_changes_at(level)
    if alone and len(before.elements) == 1 and not before.has_text:
        return _replace_element((*old.path(level), before.elements[0]), after.html, before.html)
    return _replace_element(old.path(level), new.element(level), old.element(level))


def _replace_element(path: Path, html: str, old: str) -> list[DomPatch]:
    if not html:
        return [DomPatch("delete", path)]
    return [DomPatch("replace", path, html, len(old))]


def _common_length(one: str, other: str) -> int:
    """Return the length of the common beginning."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while low < high - 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _find_open_elements(html: str, end: int) -> tuple[list[tuple[str, int]], int]:
    """Return the elements open at `end`, each with its start, and `end`, moved out of any tag."""
    stack: list[tuple[str, int]] = []
    last = 0
    for tag in _TAG.finditer(html):
        if tag.end() > end:
            end = min(end, tag.start())
            break
        last = tag.end()
        if tag[1]:
            stack.pop()
        elif tag[2] not in _VOID:
            stack.append((tag[2], tag.start()))
    entity = _ENTITY.search(html, max(last, end - 8), end)
    return stack, entity.start() if entity else end


def _sort_by_level(html: str, start: int, depth: int) -> list[_Level]:
    """Sort what follows `start` by the open element that it is in."""
    levels = [_Level() for _ in range(depth + 1)]
    level, inside = depth, 0
    begin = at = start
    for tag in _TAG.finditer(html, start):
        if not inside and tag.start() > at:
            levels[level].has_text = True
        at = tag.end()
        if not tag[1]:
            if not inside:
                levels[level].elements.append(tag[2])
            inside += tag[2] not in _VOID
        elif inside:
            inside -= 1
        else:
            levels[level].html = html[begin : tag.start()]
            level -= 1
            begin = at
    levels[0].html = html[begin:]
    levels[0].has_text = levels[0].has_text or len(html) > at
    return levels
