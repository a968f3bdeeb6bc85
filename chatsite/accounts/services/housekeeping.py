"""What is forgotten hour by hour: expired sessions, and when messages were sent."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from chatsite.accounts.models import RecentMessage
from chatsite.accounts.services import sessions
from chatsite.jobs.periodic import Periodic

INTERVAL = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)


def tidy() -> None:
    """May be called at any time, by several at once."""
    sessions.forget_expired()
    RecentMessage.objects.filter(sent_at__lt=timezone.now() - A_MINUTE).delete()


class Housekeeper(Periodic):
    """The thread that tidies, for as long as a process serves."""

    def __init__(self) -> None:
        super().__init__("housekeeper", every=INTERVAL.total_seconds())

    def work(self) -> None:
        tidy()
        connection.close()
