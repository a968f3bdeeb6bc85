"""The body of a response, read as it comes, and what becomes of its connection."""

import contextlib
from http.client import HTTPException

import requests
from urllib3.exceptions import DecodeError, HTTPError
from urllib3.response import HTTPResponse

from conversations.model_api.cancellable_connection import Line
from conversations.model_api.cancellation import CallCancelledError
from conversations.model_api.errors import CutOffError, MalformedReplyError, ModelError

READ_SIZE = 64 * 1024
GRACE = 0.25


class Body:
    """Reads decompressed bytes, under the limits of the line.

    A body read to its end gives its connection back to the pool; any other loses it on `close()`.
    """

    def __init__(self, response: requests.Response, line: Line) -> None:
        self.headers = response.headers
        self.broken = ""
        self._line = line
        self._response = response
        self._raw: HTTPResponse = response.raw
        self._ended = False

    @property
    def drained(self) -> bool:
        """The last read took all that had arrived: the next one would wait."""
        return self._line.drained

    def read(self) -> bytes:
        """What has arrived, after waiting until something has; b"" at the end of the body.

        If that end is a broken connection, `broken` says so. Raises CallCancelledError,
        CallTimeoutError, MalformedReplyError.
        """
        try:
            data = self._raw.read1(READ_SIZE, decode_content=True)
        except DecodeError as error:
            raise MalformedReplyError(str(error)) from None
        except (HTTPError, HTTPException, OSError) as error:
            self.broken = f"{type(error).__name__}: {error}"
            return b""
        self._ended = not data
        return data

    def read_all(self, most: int) -> bytes:
        """Return the whole body. Raises what `read()` does, CutOffError, and MalformedReplyError
        beyond `most` bytes.

        All its words come at once, when it is whole; so here it is bytes that end a silence.
        """
        body = bytearray()
        while data := self.read():
            body += data
            self._line.await_words(self._line.timeouts.silence)
            if len(body) > most:
                raise MalformedReplyError(f"a body of more than {most} bytes")
        if self.broken:
            raise CutOffError(self.broken)
        return bytes(body)

    def finish(self) -> None:
        """Nothing more is wanted: give the end of the body, if it is near, a moment to come."""
        self._line.hurry(GRACE)
        with contextlib.suppress(CallCancelledError, ModelError):
            while self.read():
                pass

    def close(self) -> None:
        if not self._ended:
            self._line.cut()
        self._response.close()
