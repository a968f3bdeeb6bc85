"""A log during an outage: each traceback once, then a count."""

import io
import logging
from collections.abc import Iterator

import pytest

from chatsite.core.log_repeats import MOST, OncePerOutageHandler


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def handler(stream: io.StringIO) -> Iterator[OncePerOutageHandler]:
    handler = OncePerOutageHandler(stream, interval=3600)
    yield handler
    handler.close()


@pytest.fixture
def logger(handler: OncePerOutageHandler) -> Iterator[logging.Logger]:
    logger = logging.Logger("a job", logging.DEBUG)
    logger.addHandler(handler)
    yield logger
    logger.removeHandler(handler)


def fail(logger: logging.Logger, message: str, error: Exception) -> None:
    try:
        raise error
    except Exception:
        logger.exception(message)


def test_a_traceback_is_written_once_however_often_it_comes(
    logger: logging.Logger, stream: io.StringIO
) -> None:
    for number in range(100):
        fail(logger, f"page {number} failed", OSError("the database is away"))
    assert stream.getvalue().count("Traceback") == 1
    assert "page 0 failed" in stream.getvalue()


def test_how_often_it_came_again_is_written_in_one_line(
    logger: logging.Logger, handler: OncePerOutageHandler, stream: io.StringIO
) -> None:
    for _ in range(100):
        fail(logger, "a page failed", OSError("the database is away"))
    stream.truncate(0)
    handler.write_counts()
    assert "99 times more, the latest at " in stream.getvalue()
    assert ": a page failed (OSError: the database is away)\n" in stream.getvalue()


def test_another_error_at_the_same_place_is_another_one(
    logger: logging.Logger, stream: io.StringIO
) -> None:
    for error in (OSError("one"), ValueError("two")):
        fail(logger, "a page failed", error)
    assert stream.getvalue().count("Traceback") == 2


def raise_elsewhere(logger: logging.Logger) -> None:
    try:
        int("no number")
    except ValueError:
        logger.exception("a page failed")


def test_the_same_error_from_another_place_is_another_one(
    logger: logging.Logger, stream: io.StringIO
) -> None:
    fail(logger, "a page failed", ValueError("one"))
    raise_elsewhere(logger)
    assert stream.getvalue().count("Traceback") == 2


def test_what_has_not_come_again_is_written_whole_the_next_time(
    logger: logging.Logger, handler: OncePerOutageHandler, stream: io.StringIO
) -> None:
    raise_elsewhere(logger)
    handler.write_counts()
    raise_elsewhere(logger)
    assert stream.getvalue().count("Traceback") == 2


def test_what_is_no_warning_is_always_written(logger: logging.Logger, stream: io.StringIO) -> None:
    for number in range(3):
        logger.info("model call %d", number)
    assert stream.getvalue() == "model call 0\nmodel call 1\nmodel call 2\n"


def test_a_warning_without_a_traceback_is_counted_too(
    logger: logging.Logger, stream: io.StringIO
) -> None:
    for number in (1, 1, 2, 2):
        logger.warning("reply %d was interrupted", number)
    assert stream.getvalue() == "reply 1 was interrupted\nreply 2 was interrupted\n"


def test_an_end_of_the_process_writes_the_counts(
    logger: logging.Logger, handler: OncePerOutageHandler, stream: io.StringIO
) -> None:
    for _ in range(3):
        logger.warning("away")
    handler.close()
    assert "2 times more" in stream.getvalue()


def test_the_counts_are_written_of_their_own_accord(stream: io.StringIO) -> None:
    handler = OncePerOutageHandler(stream, interval=0.01)
    logger = logging.Logger("a job")
    logger.addHandler(handler)
    while "more, the latest at" not in stream.getvalue():
        logger.warning("away")
    handler.close()


def test_beyond_what_is_remembered_everything_is_written(
    logger: logging.Logger, stream: io.StringIO
) -> None:
    for number in range(MOST + 1):
        record = logging.LogRecord("a job", logging.WARNING, "a.py", number, "away", (), None)
        logger.handle(record)
        logger.handle(record)
    assert len(stream.getvalue().splitlines()) == MOST + 2
