"""This process's link to the others: what writes to Redis, what reads from it, and the bus.

The library, eight megabytes of memory, is imported where there is a link and nowhere else.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from chatsite.redis.connected import Link

# The kind of what each process is told by itself: that something may have been missed.
GAP = "gap"

_lock = threading.Lock()
_link: "Link | None" = None
_handlers: list[tuple[str, Callable[..., None]]] = []


def is_configured() -> bool:
    """Whether several processes serve the site, or may."""
    return bool(settings.REDIS_URL)


def get_link() -> "Link | None":
    """Return the link; None where the site has one process. The first call makes it."""
    global _link
    if not is_configured():
        return None
    from chatsite.redis.connected import Link

    with _lock:
        if _link is None:
            _link = Link(_handlers)
        return _link


def close_link() -> None:
    """End it, if there is one."""
    global _link
    with _lock:
        ended, _link = _link, None
    if ended:
        from chatsite.redis.client import close_client

        ended.close()
        close_client()


def tell_others(kind: str, /, **values: Any) -> None:
    """Tell the site's other processes, if there may be any. Raises nothing: it may get lost."""
    if link := get_link():
        link.bus.tell(kind, **values)


def register_handler(kind: str, handler: Callable[..., None]) -> None:
    """For apps, in their `ready()`: have it called when another process tells something of this
    kind, in a process that serves.
    """
    _handlers.append((kind, handler))


class LinkService:
    """The service that `chatsite.server.lifecycle` starts first and ends last."""

    def start(self) -> None:
        if link := get_link():
            link.bus.open()

    def finish(self) -> None:
        """Others are told of what ends until the last moment."""

    def close(self) -> None:
        close_link()
