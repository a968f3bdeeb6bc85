"""The site purges by itself, hour by hour: who sets a time expects it to be kept.

When a rule was changed or deleted within the hour, nothing is, so that a slip can be mended; nor
are conversations of somebody who came into a group with a rule within the hour, or left one. The
text of what was deleted leaves indexes and files by the threads that serve for that.
"""

import logging
import threading
from datetime import timedelta

from django.db import connection

from conversations.review.services import exporting, retention

logger = logging.getLogger(__name__)

INTERVAL = timedelta(hours=1)
# Seconds after the start, and between two small transactions, in which others get their turn.
START = 300.0
PAUSE = 0.2
BATCH = 20


class Purger:
    """The thread that purges, for as long as a process serves."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        wait = START
        while not self._stopped.wait(wait):
            try:
                self.purge()
            except Exception:
                # What is deleted is deleted, and there is a next hour.
                logger.exception("retention failed; trying again in an hour")
            connection.close()
            wait = INTERVAL.total_seconds()

    def purge(self) -> int:
        exporting.forget_old()
        deleted = 0
        for count in retention.purge(batch=BATCH, grace=INTERVAL):
            deleted += count
            connection.close()
            if self._stopped.wait(PAUSE):
                break
        if deleted:
            logger.info("retention: %d conversations deleted", deleted)
        return deleted
