"""A page in miniature: the HTML of a message, as text and as a tree, and patches applied to it."""

from collections.abc import Iterator
from html.parser import HTMLParser

from conversations.rendering import render
from conversations.rendering.html_diff import DomPatch, HighlightPatch, Patch
from conversations.rendering.text import escape_attribute

VOID = {"br", "hr", "input"}


class PageElement:
    def __init__(self, tag: str = "", attributes: dict[str, str] | None = None) -> None:
        self.tag = tag
        self.attributes = attributes or {}
        self.children: list[PageElement | str] = []

    def html(self) -> str:
        inside = "".join(it if isinstance(it, str) else it.html() for it in self.children)
        if not self.tag:
            return inside
        listed = "".join(f' {k}="{escape_attribute(v)}"' for k, v in self.attributes.items())
        return f"<{self.tag}{listed}>{inside}" + ("" if self.tag in VOID else f"</{self.tag}>")

    def elements(self) -> Iterator["PageElement"]:
        """All elements within, in the order of the text."""
        for child in self.children:
            if isinstance(child, PageElement):
                yield child
                yield from child.elements()

    def apply(self, change: Patch) -> None:
        """Does what htmx does; fails where a selector would find nothing."""
        if isinstance(change, HighlightPatch):
            self.highlight(change)
        else:
            self.apply_patch(change)

    def highlight(self, change: HighlightPatch) -> None:
        block = [child for child in self.children if isinstance(child, PageElement)][
            change.position - 1
        ]
        (code,) = [element for element in block.elements() if element.tag == "code"]
        code.children = parse(change.html).children

    def apply_patch(self, patch: DomPatch) -> None:
        around, target = self, self
        for tag in patch.path:
            around = target
            target = [child for child in around.children if isinstance(child, PageElement)][-1]
            assert target.tag == tag
        new = parse(patch.html).children
        if patch.action == "append":
            assert patch.html.strip(), "htmx makes no swap of white space"
            target.children += new
        else:
            place = around.children.index(target)
            around.children[place : place + 1] = new


class _Parser(HTMLParser):
    """Strict: tags must nest."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.stack = [PageElement()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = PageElement(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].children.append(element)
        if tag not in VOID:
            self.stack.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")


def parse(html: str) -> PageElement:
    parser = _Parser()
    parser.feed(html)
    parser.close()
    (root,) = parser.stack
    return root


def same(one: str, other: str) -> bool:
    return parse(one).html() == parse(other).html()


def html(text: str, earlier: str = "") -> str:
    """The HTML of one message."""
    return render(text, prefix="m1", earlier=earlier)
