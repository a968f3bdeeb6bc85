"""What is forgotten hour by hour: expired sessions, and when messages were sent."""

import logging
import threading
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from chatsite.accounts.models import RecentMessage
from chatsite.accounts.services import sessions

INTERVAL = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)

logger = logging.getLogger(__name__)


def tidy() -> None:
    """May be called at any time, by several at once."""
    sessions.forget_expired()
    RecentMessage.objects.filter(sent_at__lt=timezone.now() - A_MINUTE).delete()


class Housekeeper:
    """The thread that tidies, for as long as a process serves."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(INTERVAL.total_seconds()):
            try:
                tidy()
            except Exception:
                # Nothing depends on it, and there is a next hour.
                logger.exception("tidying up failed; trying again in an hour")
            connection.close()
