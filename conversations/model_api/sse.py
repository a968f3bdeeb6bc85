"""Server-sent events: bytes as they come off the line → the data of each event.

Follows the WHATWG's parsing rules (https://html.spec.whatwg.org/multipage/server-sent-events.html)
for any line ends and any cutting of the bytes. Event names, ids and comments carry nothing in this
API and are skipped. Unlike in a browser, a last event that lacks its blank line counts.
"""

from collections.abc import Iterator

from conversations.model_api.errors import MalformedReplyError

LARGEST_EVENT = 4 * 1024 * 1024
BOM = b"\xef\xbb\xbf"


class EventDecoder:
    """Give it every byte through `feed()`, in order, and say `end()` when there are no more.

    Both yield the data of the events completed, as text; invalid UTF-8 comes out as U+FFFD. An
    event of more than `LARGEST_EVENT` bytes raises `MalformedReplyError`, after those before it.
    """

    def __init__(self) -> None:
        self._line = bytearray()
        self._data: list[bytes] = []
        self._data_size = 0
        self._at_start = True
        self._after_cr = False

    def feed(self, chunk: bytes) -> Iterator[str]:
        if not chunk:
            return
        if self._after_cr:
            # The other half of a CRLF, whose first half has ended the line already.
            chunk = chunk.removeprefix(b"\n")
        self._after_cr = chunk.endswith(b"\r")
        lines = chunk.splitlines()
        rest = b"" if not lines or chunk.endswith((b"\r", b"\n")) else lines.pop()
        for line in lines:
            yield from self._take(self._completed(line))
        self._line += rest
        self._check_size()

    def end(self) -> Iterator[str]:
        return self.feed(b"\n\n")

    def _completed(self, line: bytes) -> bytes:
        if self._line:
            line = bytes(self._line + line)
            self._line.clear()
        if self._at_start:
            self._at_start = False
            line = line.removeprefix(BOM)
        return line

    def _take(self, line: bytes) -> Iterator[str]:
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))
            self._data_size += len(value)
            self._check_size()
        elif not line:
            data = b"\n".join(self._data)
            self._data.clear()
            self._data_size = 0
            if data:
                yield data.decode("utf-8", "replace")

    def _check_size(self) -> None:
        if len(self._line) + self._data_size > LARGEST_EVENT:
            raise MalformedReplyError(f"an event of more than {LARGEST_EVENT} bytes")
