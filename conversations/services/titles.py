"""A title from the first words of the first message."""

from django.utils.translation import gettext

LENGTH = 60
MARKUP = "#>*`- \t"


def from_first_message(text: str) -> str:
    """One line of at most 60 characters, cut between words where there are any."""
    line = next((line for line in text.splitlines() if line.strip(MARKUP)), "")
    title = " ".join(line.lstrip(MARKUP).split())
    if len(title) <= LENGTH:
        return title or gettext("New chat")
    cut = title.rfind(" ", LENGTH // 2, LENGTH)
    return title[: cut if cut > 0 else LENGTH - 1] + "…"
