"""The body of a response, read as it comes, and what becomes of its connection."""

import contextlib
from http.client import HTTPException

import requests
from urllib3.exceptions import DecodeError, HTTPError
from urllib3.response import HTTPResponse

from conversations.model_api.cancellable_connection import CancellableConnection
from conversations.model_api.cancellation import CallCancelledError
from conversations.model_api.errors import CutOffError, MalformedReplyError, ModelError

READ_SIZE = 64 * 1024
GRACE = 0.25


class Body:
    """Reads decompressed bytes, within the deadlines of the connection.

    A body read to its end gives its connection back to the pool; any other loses it on `close()`.
    """

    def __init__(self, response: requests.Response, connection: CancellableConnection) -> None:
        self.headers = response.headers
        self.broken = ""
        self._connection = connection
        self._response = response
        self._raw: HTTPResponse = response.raw
        self._ended = False

    @property
    def drained(self) -> bool:
        """Whether the last read took all that had arrived: the next one would wait."""
        return self._connection.drained

    def read(self) -> bytes:
        """Return what has arrived, after waiting until something has; b"" at the end of the body.

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
            self._connection.expect_words(self._connection.timeouts.silence)
            if len(body) > most:
                raise MalformedReplyError(f"a body of more than {most} bytes")
        if self.broken:
            raise CutOffError(self.broken)
        return bytes(body)

    def finish(self) -> None:
        """Give the end of the body, if it is near, a moment to come, as nothing else is wanted."""
        self._connection.set_deadline(GRACE)
        with contextlib.suppress(CallCancelledError, ModelError):
            while self.read():
                pass

    def close(self) -> None:
        if not self._ended:
            self._connection.abort()
        self._response.close()
