"""The cache in the memory of one process, by a clock that nobody sets.

By the wall clock, what was kept while that was a year ahead would be kept for a year.
"""

import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache


class LocalCache(LocMemCache):
    """Django's, whose entries expire by the monotonic clock."""

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> float | None:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if seconds is None else time.monotonic() + seconds

    def _has_expired(self, key: str) -> bool:
        expires: float | None = self._expire_info.get(key, 0.0)  # type: ignore[attr-defined]
        return expires is not None and expires <= time.monotonic()
