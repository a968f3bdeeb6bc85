"""Going on after what fails: of many items of a job, one that fails holds up none after it."""

import contextlib
import logging
from collections.abc import Iterator

from chatsite.core.database_errors import is_unavailable

logger = logging.getLogger(__name__)


class JobIncompleteError(Exception):
    """Some items failed; all others were tried."""


class FailureCollector:
    """Logs what fails, so that the caller goes on; and raises JobIncompleteError at its own end."""

    def __init__(self) -> None:
        self._failed: list[str] = []

    @contextlib.contextmanager
    def pass_over(self, item: str) -> Iterator[None]:
        """Enclose work at one item. A database that can't be used fails for all: that is raised."""
        try:
            yield
        except Exception as error:
            if is_unavailable(error):
                raise
            logger.exception("%s failed; the others don't wait for it", item)
            self._failed.append(item)

    def raise_failures(self) -> None:
        if self._failed:
            others = f" and {len(self._failed) - 1} more" if len(self._failed) > 1 else ""
            raise JobIncompleteError(f"{self._failed[0]}{others} failed")


@contextlib.contextmanager
def collect_failures() -> Iterator[FailureCollector]:
    """Yield what passes over items that fail; raise JobIncompleteError once all were tried."""
    failures = FailureCollector()
    yield failures
    failures.raise_failures()
