"""A log in which an outage can be read: each traceback once, then how often it came again.

With a database away every page, every job and every reply fails in the same few places, again and
again. The first time each of them is written whole; what comes after is counted, and the counts are
written once a minute.
"""

import logging
import threading
from types import TracebackType
from typing import TextIO, override

# Seconds between two writings of the counts.
INTERVAL = 60.0
# What is remembered at most; beyond, records are written as they come.
MOST = 500
OURS = ("/chatsite/", "/conversations/")

# In whose name it was logged, and where; what was raised, and where, or else what was said.
type Key = tuple[str, str, int, str, str]


class Repeats:
    """Of records of one kind: the latest in one line, and how many weren't written.

    The records themselves aren't kept: a traceback holds on to all that its functions worked at.
    """

    def __init__(self, record: logging.LogRecord) -> None:
        self.count = 0
        self._name, self._level = record.name, record.levelno
        self._place = (record.pathname, record.lineno)
        self.remember(record)

    def remember(self, record: logging.LogRecord) -> None:
        raised = record.exc_info[1] if record.exc_info else None
        cause = f" ({type(raised).__name__}: {first_line(str(raised))})" if raised else ""
        self._latest = first_line(record.getMessage()) + cause
        self._time = logging.Formatter().formatTime(record)

    def summary(self) -> logging.LogRecord:
        message = "%d times more, the latest at %s: %s"
        arguments = (self.count, self._time, self._latest)
        return logging.LogRecord(self._name, self._level, *self._place, message, arguments, None)


class OncePerOutageHandler(logging.StreamHandler[TextIO]):
    """Writes to a stream, but of warnings and errors that repeat only the first and their number.

    What hasn't come again for a whole interval is forgotten: the next one is written whole.
    """

    def __init__(self, stream: TextIO | None = None, *, interval: float = INTERVAL) -> None:
        super().__init__(stream)
        self._interval = interval
        self._seen: dict[Key, Repeats] = {}
        self._is_ended = threading.Event()
        self._counter: threading.Thread | None = None

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.WARNING or self._is_first(record):
            super().emit(record)

    @override
    def close(self) -> None:
        self._is_ended.set()
        self.write_counts()
        super().close()

    def write_counts(self) -> None:
        """Write how often each kind has come again, and forget those that haven't."""
        with self.lock or threading.RLock():
            for key, repeats in list(self._seen.items()):
                if repeats.count:
                    super().emit(repeats.summary())
                    repeats.count = 0
                else:
                    del self._seen[key]

    def _is_first(self, record: logging.LogRecord) -> bool:
        """Count it if it isn't. Called with the handler's lock."""
        key = key_of(record)
        if repeats := self._seen.get(key):
            repeats.remember(record)
            repeats.count += 1
            return False
        if len(self._seen) < MOST:
            self._seen[key] = Repeats(record)
            self._start_counting()
        return True

    def _start_counting(self) -> None:
        if self._counter is None or not self._counter.is_alive():
            self._counter = threading.Thread(target=self._count, name="log counts", daemon=True)
            self._counter.start()

    def _count(self) -> None:
        """The thread that writes the counts, for as long as there is anything to remember."""
        while self._seen and not self._is_ended.wait(self._interval):
            self.write_counts()


def key_of(record: logging.LogRecord) -> Key:
    """Return what makes two records the same; of errors not the words, which differ by page."""
    kind, place = "", record.getMessage()
    if record.exc_info and record.exc_info[0]:
        kind = record.exc_info[0].__qualname__
        place = innermost_place(record.exc_info[2])
    return (record.name, record.pathname, record.lineno, kind, place)


def innermost_place(traceback: TracebackType | None) -> str:
    """Return the last line of our own code, or else the last one, that a traceback went through."""
    place, ours = "", ""
    while traceback:
        name = traceback.tb_frame.f_code.co_filename
        place = f"{name}:{traceback.tb_lineno}"
        if any(folder in name for folder in OURS) and "site-packages" not in name:
            ours = place
        traceback = traceback.tb_next
    return ours or place


def first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
