"""What pages show of a message: all that `templates/conversations/_message.html` is given, wherever
it is rendered: a page, what htmx swaps in, the end of a stream, a transcript of review.

The model knows its fields alone; safe HTML, and what is said under a reply, are made here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString, mark_safe

from conversations import rendering
from conversations.models import Feedback, Message
from conversations.status_messages import StatusMessage, find_status_message


@dataclass(frozen=True)
class FeedbackForm:
    """How the form for feedback stands: what was given is the message's."""

    is_open: bool = False
    # Whether the focus goes to where it was folded up.
    is_answered: bool = False
    error: str = ""


@dataclass(frozen=True)
class MessageView:
    """A message as somebody sees it; who may only look has nothing to stop, retry or rate."""

    message: Message
    is_read_only: bool = False
    feedback_form: FeedbackForm = FeedbackForm()

    @property
    def pk(self) -> int:
        return self.message.pk

    @cached_property
    def html(self) -> SafeString:
        """The reply's safe HTML: the cached one, unless an older renderer made it."""
        message = self.message
        if message.html_version == rendering.VERSION:
            return mark_safe(message.html)  # noqa: S308 - sanitised before it was saved
        return rendering.render(message.text, prefix=f"m{message.pk}", earlier=message.html)

    @cached_property
    def status_message(self) -> StatusMessage | None:
        """What to say under a reply that didn't end well."""
        return find_status_message(self.message)

    @property
    def is_followed(self) -> bool:
        """Whether the page opens a stream for what is still to come."""
        return self.message.is_running and not self.is_read_only

    @property
    def can_retry(self) -> bool:
        said = self.status_message
        return bool(said and said.can_retry) and not self.is_read_only

    @property
    def takes_feedback(self) -> bool:
        return self.message.takes_feedback and not self.is_read_only

    @property
    def feedback(self) -> Feedback | None:
        return self.message.given_feedback


def present_messages(messages: Iterable[Message]) -> list[MessageView]:
    """Return the messages as their owner sees them."""
    return [MessageView(message) for message in messages]
