"""An object of the bucket, read as it comes: it is never in memory as a whole, nor in a file."""

import io
from typing import Any

from chatsite.core.offload import run_in_event_loop
from chatsite.s3.client import translate_errors


class ObjectReader(io.IOBase):
    """What `File` reads from; it can't be rewound. Reading raises BucketAwayError where it breaks
    off.
    """

    def __init__(self, key: str, body: Any) -> None:
        self._key = key
        self._body = body

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return run_in_event_loop(self._read, size if size >= 0 else None)

    def _read(self, size: int | None) -> bytes:
        with translate_errors(self._key):
            data: bytes = self._body.read(size)
            return data

    def close(self) -> None:
        """Its connection is kept for the next one, if it was read to the end."""
        if not self.closed:
            run_in_event_loop(self._body.close)
        super().close()
