"""Delete hour by hour what has expired: sessions, and when messages were sent."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.models import RecentMessage
from chatsite.accounts.sessions.services import delete_expired_sessions
from chatsite.jobs import attempts
from chatsite.jobs.failures import collect_failures
from chatsite.jobs.periodic import PeriodicThread
from chatsite.jobs.registry import Job

INTERVAL = timedelta(hours=1)
RECENT_MESSAGE_LIFETIME = timedelta(minutes=1)
JOB = Job("housekeeping", _("It is not tidied up hour by hour; the database grows."))


def delete_old_recent_messages() -> None:
    RecentMessage.objects.filter(sent_at__lt=timezone.now() - RECENT_MESSAGE_LIFETIME).delete()


TASKS = {"expired sessions": delete_expired_sessions, "recent messages": delete_old_recent_messages}


def run_housekeeping() -> None:
    """Run each task, alone among processes. May be called at any time, by several at once."""
    with collect_failures() as failures:
        for item, forget in TASKS.items():
            with failures.pass_over(item), attempts.attempt_alone(JOB.name, item) as is_tried:
                if is_tried:
                    forget()


class Housekeeper(PeriodicThread):
    """The thread that tidies, for as long as a process serves."""

    def __init__(self) -> None:
        super().__init__("housekeeper", every=INTERVAL.total_seconds())

    def work(self) -> None:
        run_housekeeping()
        connection.close()
