"""What tests ask of a page: its elements, its text, and the headers that htmx sends and reads."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Protocol

HTMX = {"HX-Request": "true"}
VOID = {"br", "hr", "img", "input", "link", "meta", "use"}


class Answer(Protocol):
    """Any response that is not a stream."""

    content: bytes


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]


@dataclass
class Page:
    """The elements of a page or of a part of one, in their order."""

    elements: list[Element] = field(default_factory=list)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """`data_role="user"` stands for the attribute data-role."""
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag and wanted.items() <= element.attributes.items()
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        (element,) = self.all(tag, **attributes)
        return element

    def by_id(self, name: str) -> Element:
        (element,) = (element for element in self.elements if element.attributes.get("id") == name)
        return element

    @property
    def text(self) -> str:
        return self.elements[0].text

    def messages(self) -> list[tuple[str, str]]:
        """Role and status of each message."""
        return [(article["data-role"], article["data-status"]) for article in self.all("article")]

    def bodies(self) -> list[str]:
        """What each message says."""
        return [
            element.text.strip()
            for element in self.elements
            if "message-body" in element.attributes.get("class", "").split()
        ]


class Reader(HTMLParser):
    """Gives each element the text of all that is in it; the first is the page itself."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page([Element("#page", {})])
        self.open = [self.page.elements[0]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.page.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in {element.tag for element in self.open}:
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def parse(response: Answer) -> Page:
    return parse_text(response.content.decode())


def parse_text(html: str) -> Page:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.page
