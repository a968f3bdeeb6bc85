"""What lies at the bottom of the HTTP libraries' layers of exceptions."""

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPException

from conversations.model_api.errors import (
    CallTimeoutError,
    ConnectionFailedError,
    MalformedReplyError,
    ModelError,
)


def map_connection_error(error: Exception) -> ModelError:
    """Return the exception for a request that failed before there were headers of a response."""
    causes = list(_causes(error))

    def first(kind: type[Exception]) -> Exception | None:
        return next((cause for cause in causes if isinstance(cause, kind)), None)

    if first(TimeoutError):
        return CallTimeoutError("connecting or sending took too long")
    if cause := first(ssl.SSLError) or first(socket.gaierror):
        return ConnectionFailedError(str(cause))
    if cause := first(ConnectionError):
        return ConnectionFailedError(str(cause), momentary=True)
    if cause := first(HTTPException):
        return MalformedReplyError(f"not HTTP: {type(cause).__name__} {cause}")
    return ConnectionFailedError(str(causes[-1]))


def _causes(error: Exception) -> Iterator[BaseException]:
    """Yield the exception and all that it wraps or was caused by; outermost first."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += [*cause.args, getattr(cause, "reason", None)]
            waiting += [cause.__cause__, cause.__context__]
