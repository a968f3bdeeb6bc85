"""What log lines say of where they come from: the request, its user's pseudonym, the reply.

It belongs to a thread, or to a greenlet under gevent. What a request starts in another thread is
given it by `carry_context`.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from types import MappingProxyType

_values: ContextVar[Mapping[str, str]] = ContextVar("log_context", default=MappingProxyType({}))


def read_context() -> Mapping[str, str]:
    return _values.get()


def begin_context(**values: str) -> None:
    """Forget what an earlier request in this thread has left."""
    _values.set(values)


def bind_context(**values: str) -> None:
    """Add to what this thread's lines say from now on."""
    _values.set({**_values.get(), **values})


def carry_context[**P](function: Callable[P, None]) -> Callable[P, None]:
    """Return the function for another thread, whose lines then say what this one's do now."""
    values = _values.get()

    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        _values.set(values)
        function(*args, **kwargs)

    return run
