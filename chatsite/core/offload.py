"""CPU work away from gevent's event loop: what takes over 20 ms would hold up every stream of the
process.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from gevent import get_hub, spawn
from gevent.monkey import get_original, is_module_patched
from gevent.threadpool import ThreadPool

# Of real threads, whatever gevent makes of `threading`: the event loop that waits for what is done.
_in_pool = get_original("_thread", "_local")()
_make_lock = get_original("_thread", "allocate_lock")
IO_THREADS = 2
# One for the process, made when it is first needed.
_pools: list[ThreadPool] = []


def offload[**P, T](function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls `function` in gevent's thread pool where gevent serves, else right here.

    Inside a transaction it stays here too: on SQLite a greenlet that waits while it holds the write
    lock makes every other writer block the whole process.
    """
    if not is_module_patched("threading") or connection.in_atomic_block:
        return function(*args, **kwargs)
    return _apply(get_hub().threadpool, function, args, kwargs)


def offload_with_io[**P, T](function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same for work that reads files as well, which may be in a bucket: that is for the event
    loop (`run_in_event_loop`), so these threads wait for it. They are others than those that the
    loop itself needs, to look up the names of hosts.
    """
    if not is_module_patched("threading") or connection.in_atomic_block:
        return function(*args, **kwargs)
    hub = get_hub()
    if not _pools:
        _pools.append(ThreadPool(IO_THREADS, hub=hub))
    result: T = _apply(_pools[0], _work, (hub, function, args, kwargs), {})
    return result


def _apply[T](
    pool: ThreadPool, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> T:
    """Raises what the function raises, for the caller to handle: the pool itself would print it."""

    def attempt() -> tuple[list[T], Exception | None]:
        try:
            return [function(*args, **kwargs)], None
        except Exception as error:
            return [], error

    results, error = pool.apply(attempt)
    if error:
        raise error
    return results[0]


def _work[T](
    hub: Any, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> T:
    _in_pool.hub = hub
    try:
        return function(*args, **kwargs)
    finally:
        del _in_pool.hub


def run_in_event_loop[**P, T](function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls `function`, which uses sockets or locks that belong to the event loop's thread: for
    what may be called within `offload_with_io`. Anywhere else it is called right here.
    """
    hub = getattr(_in_pool, "hub", None)
    if hub is None:
        return function(*args, **kwargs)
    is_done = _make_lock()
    is_done.acquire()
    results: list[T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(function(*args, **kwargs))
        except BaseException as error:
            errors.append(error)
        finally:
            is_done.release()

    hub.loop.run_callback_threadsafe(spawn, work)
    is_done.acquire()
    if errors:
        raise errors[0]
    return results[0]
