"""Which failures of a call are repeated, and after how long: exponential backoff with jitter.

Nothing tells the service that a request is a repetition, so one that it may have begun to answer
is never repeated: it could be billed twice.
"""

import random

from conversations.model_api.errors import ConnectionFailedError, ModelError, OutOfCreditsError

STATUSES = (429, 502, 503, 504)
BACKOFF = 0.5
LONGEST_WAIT = 20.0


def compute_retry_delay(failure: Exception, attempt: int) -> float | None:
    """Return the seconds to wait before repeating a request that failed before any reply; None
    if it is not to be repeated. `attempt` counts from 0."""
    if not _worth_repeating(failure):
        return None
    asked_for = getattr(failure, "retry_after", None) or 0.0
    # Full jitter, also on top of a time asked for: those sent away together come back apart.
    return asked_for + random.uniform(0, BACKOFF * 2**attempt)  # noqa: S311


def _worth_repeating(failure: Exception) -> bool:
    match failure:
        case ConnectionFailedError():
            return failure.momentary
        case OutOfCreditsError():
            return False
        case ModelError():
            return failure.status in STATUSES and (failure.retry_after or 0) <= LONGEST_WAIT
    return False
