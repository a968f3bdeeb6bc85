"""Lines of the log, as text and as JSON."""

import io
import json
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from chatsite.core.log_context import begin_context, bind_context, carry_context, read_context
from chatsite.core.log_formats import JsonFormatter, TextFormatter
from chatsite.core.log_repeats import OncePerOutageHandler

FORMATTERS = [TextFormatter(), JsonFormatter()]


@pytest.fixture(autouse=True)
def no_context() -> Iterator[None]:
    begin_context()
    yield
    begin_context()


def make_record(message: str, error: Exception | None = None, **extra: Any) -> logging.LogRecord:
    caught: Any = None
    if error:
        try:
            raise error
        except Exception as raised:
            caught = (type(raised), raised, raised.__traceback__)
    record = logging.LogRecord("a.job", logging.ERROR, __file__, 1, message, (), caught)
    record.__dict__ |= extra
    return record


def read_line(record: logging.LogRecord) -> dict[str, Any]:
    line = JsonFormatter().format(record)
    assert "\n" not in line
    return dict(json.loads(line))


def test_a_line_is_one_object_with_its_time_in_utc() -> None:
    record = make_record("Two\nlines")
    record.created = 0.25
    line = read_line(record)
    assert (line["time"], line["level"]) == ("1970-01-01T00:00:00.250Z", "ERROR")
    assert (line["logger"], line["message"]) == ("a.job", "Two\nlines")
    assert line["process"]


def test_a_traceback_is_one_string() -> None:
    line = read_line(make_record("broke", OSError("the disk is full")))
    assert line["exception"].startswith("Traceback")
    assert line["exception"].endswith("OSError: the disk is full")


def test_a_line_says_where_it_comes_from() -> None:
    begin_context(request="r1")
    bind_context(user="ABCDEFGH", reply="7")
    line = read_line(make_record("hello"))
    assert (line["request"], line["user"], line["reply"]) == ("r1", "ABCDEFGH", "7")


def test_a_record_s_own_fields_are_part_of_it() -> None:
    assert read_line(make_record("hello", fields={"status": 200}))["status"] == 200


def test_another_thread_says_so_where_it_was_given_the_context() -> None:
    begin_context(request="r1")
    seen: list[str] = []

    def work() -> None:
        seen.append(read_context().get("request", ""))

    for function in (carry_context(work), work):
        thread = threading.Thread(target=function)
        thread.start()
        thread.join()
    assert seen == ["r1", ""]


@pytest.mark.parametrize("formatter", FORMATTERS)
def test_a_row_that_a_database_quotes_is_left_out(formatter: logging.Formatter) -> None:
    error = ValueError('null value in column "x"\nDETAIL:  Failing row contains (7, zebra\nfox).')
    line = formatter.format(make_record("not saved", error))
    assert "null value in column" in line
    assert "zebra" not in line
    assert "fox" not in line


@pytest.mark.parametrize("formatter", FORMATTERS)
def test_what_repeats_is_counted_in_either_format(formatter: logging.Formatter) -> None:
    stream = io.StringIO()
    handler = OncePerOutageHandler(stream, interval=3600)
    handler.setFormatter(formatter)
    for _ in range(5):
        handler.handle(make_record("broke", OSError("the disk is full")))
    handler.close()
    assert stream.getvalue().count("Traceback") == 1
    assert "4 times more" in stream.getvalue()
    assert len(stream.getvalue().splitlines()) == 2 or formatter is FORMATTERS[0]
