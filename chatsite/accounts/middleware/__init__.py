"""What is done around every page for the account it is shown to."""

from chatsite.accounts.middleware.last_seen import LastSeenMiddleware
from chatsite.accounts.middleware.readers import (
    LanguageMiddleware,
    NeverCacheMiddleware,
    TimeZoneMiddleware,
)

__all__ = [
    "LanguageMiddleware",
    "LastSeenMiddleware",
    "NeverCacheMiddleware",
    "TimeZoneMiddleware",
]
