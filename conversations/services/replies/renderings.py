"""The cached HTML of replies, made anew where nobody saved it or an older renderer made it."""

import functools
import threading
from collections.abc import Callable, Iterable, Sequence

from django.db import connection

from chatsite.core.offload import offload
from chatsite.core.optional_writes import optional_write
from conversations import rendering
from conversations.content import to_markdown
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


def render_reply(pk: int, text: str, earlier: str = "", *, is_json: bool = False) -> str:
    """Return the HTML of a reply; code is plain but for what has its colours in `earlier` HTML."""
    (html,) = render_replies([(pk, to_markdown(text, is_json=is_json), earlier)])
    return html


def render_replies(replies: Sequence[tuple[int, str, str]]) -> list[str]:
    """Return the HTML of replies that are given by key, Markdown and earlier HTML."""
    work = functools.partial(_render_plainly, replies)
    return (
        offload_rendering(work)
        if sum(len(text) for _, text, _ in replies) > OFFLOAD_FROM
        else work()
    )


def _render_plainly(replies: Sequence[tuple[int, str, str]]) -> list[str]:
    return [
        rendering.render(text, prefix=f"m{pk}", earlier=earlier) for pk, text, earlier in replies
    ]


def refresh_html(messages: Iterable[Message]) -> None:
    """Render and save what is out of date, once instead of at every view.

    Code keeps the colours that it has and gets none that it hasn't: a view never highlights.
    """
    stale = [message for message in messages if has_stale_html(message)]
    made = render_replies(
        [
            (message.pk, to_markdown(message.text, is_json=message.is_json), message.html)
            for message in stale
        ]
    )
    for message, html in zip(stale, made, strict=True):
        message.html = html
        message.html_version = rendering.VERSION
    if stale:
        with optional_write("the HTML of replies"):
            Message.objects.bulk_update(stale, ["html", "html_version"])


def has_stale_html(message: Message) -> bool:
    finished = not message.is_user and not message.is_running
    return finished and message.html_version != rendering.VERSION
