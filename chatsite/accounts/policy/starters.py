"""Ways to begin a chat, as administrators write them: a line each, a short title, a bar, and the
message that it puts into the box.
"""

from django.utils.translation import gettext, gettext_noop

MOST = 8

BUILT_IN = (
    (
        gettext_noop("Explain something"),
        gettext_noop("Explain how HTTP caching works, with an example of each header."),
    ),
    (
        gettext_noop("Write some code"),
        gettext_noop(
            "Write a Python function that removes duplicates from a list and keeps its order."
        ),
    ),
    (
        gettext_noop("Compare options"),
        gettext_noop("Compare PostgreSQL and SQLite for a small web application in a table."),
    ),
    (
        gettext_noop("Draft a text"),
        gettext_noop("Draft a friendly email that moves a meeting from Tuesday to Thursday."),
    ),
)


def write_built_in() -> str:
    return "\n".join(f"{title} | {text}" for title, text in BUILT_IN)


def parse_starters(written: str) -> list[tuple[str, str]]:
    """Return titles and messages; a line without a bar is a message alone, with "" for a title."""
    lines = (line.strip() for line in written.splitlines())
    return [parse_line(line) for line in lines if line.strip("| ")]


def parse_line(line: str) -> tuple[str, str]:
    title, _bar, text = (part.strip() for part in line.partition("|"))
    if not text:
        title, text = "", title
    # The built-in ones are in the reader's language.
    return (gettext(title) if title else "", gettext(text))
