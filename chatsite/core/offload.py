"""CPU work away from gevent's event loop: what takes over 20 ms would hold up every stream of the
process.
"""

from collections.abc import Callable

from django.db import connection
from gevent import get_hub
from gevent.monkey import is_module_patched


def offload[**P, T](function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls `function` in gevent's thread pool where gevent serves, else right here.

    Inside a transaction it stays here too: on SQLite a greenlet that waits while it holds the write
    lock makes every other writer block the whole process.
    """
    if not is_module_patched("threading") or connection.in_atomic_block:
        return function(*args, **kwargs)
    return get_hub().threadpool.apply(function, args, kwargs)
