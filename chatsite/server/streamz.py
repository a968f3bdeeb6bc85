"""`/streamz/`: three pieces with pauses between them, for whoever wants to know whether what stands
before the site passes streams on as they come (`manage.py doctor`, `curl -N`).

It asks nobody who they are, and no database; a few at once, so that it is no way to hold
connections.
"""

import threading
import time
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

PATH = "/streamz/"
PIECES = [f"data: {number}\n\n".encode() for number in (1, 2, 3)]
PAUSE = 0.3  # seconds
MOST_AT_ONCE = 5


class OpenStreams:
    """How many there are."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._count = 0
        self._lock = threading.Lock()

    def is_full(self) -> bool:
        return self._count >= self._most

    def send_pieces(self) -> Iterator[bytes]:
        """Counted from the first piece on: a response that is never sent takes no place."""
        with self._lock:
            if self.is_full():
                return
            self._count += 1
        try:
            for number, piece in enumerate(PIECES):
                if number:
                    time.sleep(PAUSE)
                yield piece
        finally:
            with self._lock:
                self._count -= 1


_open = OpenStreams(MOST_AT_ONCE)


@require_GET
def streamz(request: HttpRequest) -> HttpResponseBase:
    if _open.is_full():
        return HttpResponse(status=503, headers={"Retry-After": "1"})
    return StreamingHttpResponse(
        _open.send_pieces(),
        content_type="text/event-stream",
        # As streams of replies have them (conversations/views/sse_events.py).
        headers={
            "Content-Encoding": "identity",
            "Cache-Control": "no-cache, no-store, no-transform",
            "X-Accel-Buffering": "no",
        },
    )
