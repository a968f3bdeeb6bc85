"""The cached HTML of replies, made anew where nobody saved it or an older renderer made it."""

import functools
import threading
from collections.abc import Callable, Iterable, Sequence

from django.db import connection

from chatsite.core.offload import offload
from chatsite.core.optional_writes import optional_write
from conversations import rendering
from conversations.models import Message

# More text than this takes long enough to render that others shouldn't wait for it.
OFFLOAD_FROM = 2_000


# One at a time: each thread that works on HTML makes the event loop wait 5 ms whenever it comes
# back from a socket, and ten of them ten times as long.
_turn = threading.Lock()


def offload_rendering[T](work: Callable[[], T]) -> T:
    """Do heavy work on HTML in a thread, where gevent serves."""
    if connection.in_atomic_block:
        return work()
    with _turn:
        return offload(work)


def render(pk: int, text: str, earlier: str = "") -> str:
    """The HTML of a reply, with plain code but for what has its colours in `earlier` HTML."""
    (html,) = render_all([(pk, text, earlier)])
    return html


def render_all(replies: Sequence[tuple[int, str, str]]) -> list[str]:
    """The same for replies given by key, text and earlier HTML."""
    work = functools.partial(_render_all, replies)
    return (
        offload_rendering(work)
        if sum(len(text) for _, text, _ in replies) > OFFLOAD_FROM
        else work()
    )


def _render_all(replies: Sequence[tuple[int, str, str]]) -> list[str]:
    return [
        rendering.render(text, prefix=f"m{pk}", earlier=earlier) for pk, text, earlier in replies
    ]


def refresh(messages: Iterable[Message]) -> None:
    """Renders and saves what is out of date, once instead of at every view.

    Code keeps the colours that it has and gets none that it hasn't: a view never highlights.
    """
    stale = [message for message in messages if is_stale(message)]
    made = render_all([(message.pk, message.text, message.html) for message in stale])
    for message, html in zip(stale, made, strict=True):
        message.html = html
        message.html_version = rendering.VERSION
    if stale:
        with optional_write("the HTML of replies"):
            Message.objects.bulk_update(stale, ["html", "html_version"])


def is_stale(message: Message) -> bool:
    finished = not message.is_user and not message.is_running
    return finished and message.html_version != rendering.VERSION
