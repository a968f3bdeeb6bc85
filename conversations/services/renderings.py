"""The cached HTML of replies, made anew where nobody saved it or an older renderer made it."""

import functools
from collections.abc import Iterable

from chatsite.core.optional_writes import optional_write
from chatsite.offload import offload
from conversations import rendering
from conversations.models import Message

# Longer texts take long enough to render that others shouldn't wait for it.
OFFLOAD_FROM = 8_000


def render(pk: int, text: str, earlier: str = "") -> str:
    """The HTML of a reply, with plain code but for what has its colours in `earlier` HTML."""
    work = functools.partial(rendering.render, text, prefix=f"m{pk}", earlier=earlier)
    return offload(work) if len(text) > OFFLOAD_FROM else work()


def refresh(messages: Iterable[Message]) -> None:
    """Renders and saves what is out of date, once instead of at every view.

    Code keeps the colours that it has and gets none that it hasn't: a view never highlights.
    """
    stale = [message for message in messages if is_stale(message)]
    for message in stale:
        message.html = render(message.pk, message.text, earlier=message.html)
        message.html_version = rendering.VERSION
    if stale:
        with optional_write("the HTML of replies"):
            Message.objects.bulk_update(stale, ["html", "html_version"])


def is_stale(message: Message) -> bool:
    finished = not message.is_user and not message.is_running
    return finished and message.html_version != rendering.VERSION
