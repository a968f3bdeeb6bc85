"""What is done around every page for the account it is shown to."""

from chatsite.accounts.middleware.last_seen import LastSeenMiddleware
from chatsite.accounts.middleware.readers import (
    LanguageMiddleware,
    NeverCacheMiddleware,
    TimeZoneMiddleware,
)
from chatsite.accounts.middleware.second_factor import SecondFactorMiddleware
from chatsite.accounts.middleware.sessions import SessionMiddleware

__all__ = [
    "LanguageMiddleware",
    "LastSeenMiddleware",
    "NeverCacheMiddleware",
    "SecondFactorMiddleware",
    "SessionMiddleware",
    "TimeZoneMiddleware",
]
