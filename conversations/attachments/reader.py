"""Has files read by helper processes: one after another, each within its time and memory.

A file gets a process of its own, which is ended after it: if the file takes it over, it has
nobody else's to look at. Which file is next, `FairQueue` decides: nobody's files hold up others'.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from chatsite.core.fair_queue import FairQueue
from chatsite.core.helper_process import (
    HelperCrashedError,
    HelperProcess,
    HelperTimeoutError,
    HelperUnavailableError,
)
from conversations.attachments.reading.framing import (
    MalformedAnswerError,
    Request,
    pack_request,
    unpack_answer,
)
from conversations.attachments.reading.values import (
    FileReading,
    ReadingLimits,
    UnreadableFileError,
)

logger = logging.getLogger(__name__)

FUNCTION = "conversations.attachments.reading.answering:answer_request"
THREADS = 2
MEMORY = 1024 * 2**20
"""Of a helper's address space: 64 million pixels twice, and its libraries."""
MAX_ANSWER = 64 * 2**20
CPU_SECONDS = 20.0
CLOCK_FACTOR = 3
"""How many times its processor time a file may take by the clock: the machine may be busy."""
START_TIMEOUT = 30.0
MAX_WAITING = 200
MAX_WAITING_EACH = 30
"""Files that may wait for their turn, in all and of one user."""
QUEUE_TIMEOUT = 120.0
"""Seconds for which a file waits for its turn."""
KILL_PAUSE = 0.2

ERRORS = {
    "unknown_kind": _(
        "This kind of file can’t be read here. Save it as a PDF, an image (PNG, JPEG, WebP, GIF, "
        "AVIF, HEIC), a document (DOCX, XLSX, PPTX, ODT, EPUB, HTML), or as text."
    ),
    "kind_not_allowed": _("Files of this kind are not allowed here. Send another kind."),
    "empty": _("This file is empty. Choose another one."),
    "damaged": _(
        "This file is damaged or not whole. Open and save it again, and attach the new one."
    ),
    "encrypted": _("This file has a password. Save a copy without one, and attach that."),
    "too_many_pixels": _("This image has too many pixels. Make it smaller, and attach it again."),
    "too_large_inside": _(
        "There is too much in this file once it is unpacked. Save only the part that matters, and "
        "attach that."
    ),
    "no_text": _("There is no text in this document. Save it as a PDF or an image instead."),
    "too_slow": _("Reading this file takes too long. Save a simpler or shorter one."),
    "too_much_memory": _("Reading this file takes too much memory. Save a smaller or simpler one."),
    "crashed": _(
        "This file can’t be read: it seems to be damaged. Save it again, or as another kind."
    ),
    "busy": _("Too many files are being read right now. Try again in a minute."),
    "unavailable": _("Files can’t be read at the moment. Try again later."),
}


def describe_error(code: str) -> str:
    """Return the sentence that says what is wrong with a file, and what to do about it."""
    return str(ERRORS.get(code, ERRORS["crashed"]))


@dataclass
class ReadingJob:
    """A file that waits to be read, or is."""

    request: Request
    load: Callable[[], bytes]
    begun: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    is_given_up: bool = False
    reading: FileReading | None = None
    error: Exception | None = None


class FileReader:
    """Threads with a helper process each. May be used from any thread."""

    def __init__(
        self,
        *,
        threads: int = THREADS,
        cpu_seconds: float = CPU_SECONDS,
        memory: int = MEMORY,
        max_waiting: int = MAX_WAITING,
        max_waiting_each: int = MAX_WAITING_EACH,
        queue_timeout: float = QUEUE_TIMEOUT,
    ) -> None:
        self._timeout = CLOCK_FACTOR * cpu_seconds
        self._max_waiting = max_waiting
        self._max_waiting_each = max_waiting_each
        self._queue_timeout = queue_timeout
        self._lock = threading.Lock()
        self._waiting: Counter[int] = Counter()
        self._jobs: list[ReadingJob] = []
        self._is_stopped = False
        self._is_reported = False
        self._queue = FairQueue[ReadingJob]()
        self._helpers = [
            HelperProcess(
                FUNCTION,
                memory=memory,
                cpu_seconds=cpu_seconds,
                max_response=MAX_ANSWER,
                start_timeout=START_TIMEOUT,
                is_for_one_request=True,
            )
            for _number in range(threads)
        ]
        # A helper ends with the thread that starts it, so these stay.
        self._threads = [
            threading.Thread(target=self._run, args=(helper,), name="file-reader", daemon=True)
            for helper in self._helpers
        ]
        for thread in self._threads:
            thread.start()

    def read(self, user: int, request: Request, load: Callable[[], bytes]) -> FileReading:
        """Return what is read of a file once its turn has come; raises UnreadableFileError."""
        job = ReadingJob(request, load)
        self._enter(user, job)
        try:
            self._queue.put(user, job)
            if not job.begun.wait(self._queue_timeout) and self._give_up(job):
                raise UnreadableFileError("busy")
            job.done.wait()
        finally:
            self._leave(user, job)
        if job.error:
            raise job.error
        if job.reading is None:
            raise UnreadableFileError("unavailable")
        return job.reading

    def stop(self) -> None:
        """End the helpers; files that wait or are being read are unavailable."""
        with self._lock:
            self._is_stopped = True
            jobs = list(self._jobs)
        self._queue.close()
        for helper, thread in zip(self._helpers, self._threads, strict=True):
            # Again, as it may be starting one.
            while thread.is_alive():
                helper.kill()
                thread.join(KILL_PAUSE)
        for job in jobs:
            job.begun.set()
            job.done.set()

    def _enter(self, user: int, job: ReadingJob) -> None:
        with self._lock:
            if self._is_stopped:
                raise UnreadableFileError("unavailable")
            is_full = len(self._jobs) >= self._max_waiting
            if is_full or self._waiting[user] >= self._max_waiting_each:
                raise UnreadableFileError("busy")
            self._waiting[user] += 1
            self._jobs.append(job)

    def _leave(self, user: int, job: ReadingJob) -> None:
        with self._lock:
            self._jobs.remove(job)
            self._waiting[user] -= 1
            if not self._waiting[user]:
                del self._waiting[user]

    def _give_up(self, job: ReadingJob) -> bool:
        """Tell whether the job, which nobody has begun, will never be."""
        with self._lock:
            job.is_given_up = not job.begun.is_set()
            return job.is_given_up

    def _begin(self, job: ReadingJob) -> bool:
        with self._lock:
            if not job.is_given_up:
                job.begun.set()
            return not job.is_given_up

    def _run(self, helper: HelperProcess) -> None:
        while entry := self._queue.get():
            user, job = entry
            if not self._begin(job):
                continue
            started = time.monotonic()
            try:
                job.reading = self._read(helper, job)
            except UnreadableFileError as error:
                job.error = error
                logger.info("A file of user %s can't be read: %s", user, error.code)
            except Exception as error:
                job.error = error  # the caller's, as where the file can't be loaded
            self._queue.charge(user, time.monotonic() - started)
            job.done.set()
        helper.stop()

    def _read(self, helper: HelperProcess, job: ReadingJob) -> FileReading:
        message = pack_request(job.request, job.load())
        try:
            return unpack_answer(helper.call(message, timeout=self._timeout))
        except HelperTimeoutError as error:
            raise UnreadableFileError("too_slow") from error
        except HelperCrashedError as error:
            raise UnreadableFileError(self._explain(error)) from error
        except HelperUnavailableError as error:
            if not self._is_reported:
                logger.warning("Files can't be read, as the helper process failed: %s", error)
            self._is_reported = True
            raise UnreadableFileError("unavailable") from error
        except MalformedAnswerError as error:
            logger.warning("The answer about a file makes no sense: %s", error)
            raise UnreadableFileError("crashed") from error

    def _explain(self, error: HelperCrashedError) -> str:
        if self._is_stopped:
            return "unavailable"
        if error.took_too_long:
            return "too_slow"
        return "too_much_memory" if error.is_out_of_memory else "crashed"


_lock = threading.Lock()
_reader: FileReader | None = None


def start_reader() -> FileReader:
    """Return the one of this process; the first call starts it."""
    global _reader
    with _lock:
        if _reader is None:
            _reader = FileReader()
        return _reader


def stop_reader() -> None:
    """End it, if it was started."""
    global _reader
    with _lock:
        ended, _reader = _reader, None
    if ended:
        ended.stop()


def read_file(
    user_id: int, name: str, content: bytes | Callable[[], bytes], *, kinds: Collection[str]
) -> FileReading:
    """Return what is in a file, if it is one of these kinds; raises UnreadableFileError.

    Blocks the calling thread until the file's turn has come and it was read. A function is called
    for the content when that is the case, in another thread: so that only what is being read is in
    memory.
    """
    load = content if callable(content) else lambda: content
    return start_reader().read(user_id, Request(name, frozenset(kinds), ReadingLimits()), load)


def extract_first_pages(user_id: int, load: Callable[[], bytes], count: int) -> bytes:
    """Return a PDF of the first pages of the one that `load` returns, in another thread. Raises
    UnreadableFileError.
    """
    request = Request("", frozenset({"pdf"}), ReadingLimits(), first_pages=count)
    output = start_reader().read(user_id, request, load).outputs.get("pages")
    if output is None:
        raise UnreadableFileError("crashed")
    return output.content


def cut_square(user_id: int, content: bytes, size: int) -> bytes:
    """Return the middle of an image as a WebP of so many pixels each way. Raises
    UnreadableFileError.
    """
    request = Request("", frozenset({"image"}), ReadingLimits(), square=size)
    output = start_reader().read(user_id, request, lambda: content).outputs.get("square")
    if output is None or output.media_type != "image/webp":
        raise UnreadableFileError("crashed")
    return output.content
