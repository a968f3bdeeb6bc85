"""Says that this process lives, where several serve, and looks after what dead ones left."""

import logging

from django.db import DatabaseError, connection

from chatsite.core.database_errors import is_unavailable
from chatsite.jobs import attempts, leases, processes
from chatsite.jobs.periodic import PeriodicThread
from chatsite.server import process_files

logger = logging.getLogger(__name__)


class Heartbeat(PeriodicThread):
    """The thread that does so; `HeartbeatService` starts and ends it."""

    def __init__(self) -> None:
        super().__init__("heartbeat", every=processes.INTERVAL, is_shared=False)

    def work(self) -> None:
        processes.say_alive()
        process_files.strike_dead()
        attempts.record_crashes()
        processes.forget_dead()


class HeartbeatService:
    """The service that `lifecycle` starts before all others and closes after them: a process lives
    from before its first reply until after its last.
    """

    def __init__(self) -> None:
        self._thread: Heartbeat | None = None
        self._file: int | None = None

    def start(self) -> None:
        if not processes.are_several():
            return
        self._file = process_files.lock_process_file()
        self._thread = Heartbeat()
        try:
            processes.say_alive()
            process_files.strike_dead()
        except DatabaseError as error:
            if not is_unavailable(error):
                raise
            logger.warning("this process can't be listed yet", exc_info=error)
        finally:
            connection.close()
        self._thread.start()

    def finish(self) -> None:
        """It lives for as long as its replies do."""

    def close(self) -> None:
        if self._thread is None or self._file is None:
            return
        self._thread.stop()
        try:
            leases.release_leases()
            processes.say_goodbye()
        except DatabaseError as error:
            logger.warning("others will find out that this process has ended", exc_info=error)
        finally:
            connection.close()
            process_files.remove_process_file(self._file)
