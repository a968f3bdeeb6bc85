"""The site purges by itself, hour by hour: who sets a time expects it to be kept.

When a rule was changed or deleted within the hour, nothing is, so that a slip can be mended; nor
are conversations of somebody who came into a group with a rule within the hour, or left one. The
text of what was deleted leaves indexes and files by the threads that serve for that.
"""

import logging
from datetime import timedelta

from django.db import connection

from chatsite.jobs import attempts
from chatsite.jobs.failures import collect_failures
from chatsite.jobs.periodic import PeriodicThread
from conversations.review.audit import search_words
from conversations.review.exports import services as exporting
from conversations.review.retention import services as retention

logger = logging.getLogger(__name__)

INTERVAL = timedelta(hours=1)
# Seconds after the start, and between two small transactions, in which others get their turn.
START = 300.0
PAUSE = 0.2
BATCH = 20
ITEM = "exports and search words"


class Purger(PeriodicThread):
    """The thread that purges, for as long as a process serves."""

    def __init__(self) -> None:
        super().__init__("retention", every=INTERVAL.total_seconds(), first=START)

    def work(self) -> None:
        self.purge()
        connection.close()

    def purge(self) -> int:
        deleted = 0
        with collect_failures() as failures:
            with failures.pass_over(ITEM):
                self.forget_old()
            for count in retention.purge_due(batch=BATCH, grace=INTERVAL):
                deleted += count
                connection.close()
                if self.stopped.wait(PAUSE):
                    break
        if deleted:
            logger.info("retention: %d conversations deleted", deleted)
        return deleted

    def forget_old(self) -> None:
        with attempts.attempt_alone(retention.JOB.name, ITEM) as is_tried:
            if is_tried:
                exporting.delete_old_exports()
                search_words.forget_old_words()
