"""Where in a conversation one reads, as the URL says it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404

from conversations.views.forms import DIGITS

# The names in the URL; none is one of the queue's filters.
MESSAGE, BRANCH, UP_TO, PAST = "message", "branch", "up_to", "past"


@dataclass(frozen=True)
class UrlState:
    """Ids of messages. Without any, the latest messages of the branch that the user sees."""

    # To be shown and marked, on whichever branch and page it is.
    message: int | None = None
    # The last message of the branch, where it isn't the user's.
    branch: int | None = None
    # The last message of the page, or the one before its first.
    up_to: int | None = None
    past: int | None = None

    @classmethod
    def read(cls, data: Mapping[str, str]) -> "UrlState":
        """Raises Http404 for what is no id."""
        return cls(*(read_message_id(data.get(name)) for name in (MESSAGE, BRANCH, UP_TO, PAST)))


def read_message_id(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > DIGITS:
        raise Http404
    return int(text)
