"""What one part of a text defines for the others: link references, footnotes, headings, tables."""

from dataclasses import dataclass, field, replace


@dataclass
class References:
    """The definitions seen so far.

    Labels are normalised. A footnote's number is its place in the order of first appearance.
    `heading` is the text of the last heading, `tables` the number of tables so far.
    """

    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    defined_notes: dict[str, str] = field(default_factory=dict)
    cited: set[str] = field(default_factory=set)
    heading: str = ""
    tables: int = 0
    _levels: list[int] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many definitions a rendering has to know of."""
        return len(self.links) + len(self.notes)

    def copy(self) -> "References":
        """Copy the definitions for a rendering that may be thrown away."""
        return replace(
            self,
            links=self.links.copy(),
            notes=self.notes.copy(),
            defined_notes=self.defined_notes.copy(),
            cited=self.cited.copy(),
            _levels=self._levels.copy(),
        )

    def nest_heading(self, level: int) -> int:
        """Return how many headings a new one stands under, for one written with that many `#`.

        Screen readers miss a level that is skipped: it is one more than before at the most.
        """
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self._levels.append(level)
        return len(self._levels) - 1

    def note(self, label: str) -> int:
        """Return the number of a footnote."""
        return self.notes.setdefault(normalize_label(label), len(self.notes) + 1)


def normalize_label(label: str) -> str:
    """Return a label as Markdown compares it: regardless of case and runs of white space."""
    return " ".join(label.split()).casefold()
