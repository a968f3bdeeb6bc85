"""What math-core can't draw, or would draw wrongly, and we put into its MathML ourselves.

In the TeX that it reads, one character of the private use area stands for each: it takes that for
a letter, so that spacing, scripts and alignment around it come out right.
"""

from xml.etree.ElementTree import Element

_FIRST = 0xE000
_MOST = 1_000  # a formula of 4,000 characters can't hold as many

JOINED = "joined"
"""A mark, no element: the table around it has no room between its columns."""


class Inserts:
    """The elements that go into one formula."""

    def __init__(self) -> None:
        self._elements: list[Element] = []

    def add(self, tag: str, text: str = "", **attributes: str) -> str:
        """Keep an element and return the character that stands for it."""
        element = Element(tag, {name.rstrip("_"): value for name, value in attributes.items()})
        element.text = text
        self._elements.append(element)
        return chr(_FIRST + len(self._elements) - 1)

    def find(self, text: str) -> Element | None:
        """Return the element that `text` stands for, if it does."""
        number = ord(text) - _FIRST if len(text) == 1 else -1
        return self._elements[number] if 0 <= number < len(self._elements) else None


def has_placeholder(text: str) -> bool:
    """Say whether a character in `text` stands for an element."""
    return any(_FIRST <= ord(character) < _FIRST + _MOST for character in text)
