"""A helper process that many share: who waits hears in any case how that ended."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from chatsite.core.helper_process import HelperCrashedError, HelperUnavailableError
from chatsite.core.helper_queue import HelperBusyError, HelperQueue

type OpenQueue = Callable[..., HelperQueue]


@pytest.fixture
def open_queue() -> Iterator[OpenQueue]:
    with ExitStack() as opened:

        def open_one(function: str, **options: float) -> HelperQueue:
            name = f"tests.core.helper_functions:{function}"
            queue = HelperQueue(name, cpu_seconds=0.3, **options)  # type: ignore[arg-type]
            opened.callback(queue.stop)
            return queue

        yield open_one


def test_everybody_gets_their_own_answer(open_queue: OpenQueue) -> None:
    queue = open_queue("echo", max_waiting_each=20)
    asked = [str(number).encode() for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(lambda request: queue.call(1, request), asked)) == asked


def test_what_takes_too_long_is_its_own_failure_alone(open_queue: OpenQueue) -> None:
    queue = open_queue("loop")
    with pytest.raises(HelperCrashedError):
        queue.call(1, b"for ever")
    assert queue.call(2, b"") == b"ended"


def test_nobody_has_too_many_waiting(open_queue: OpenQueue) -> None:
    queue = open_queue("loop", max_waiting_each=0)
    with pytest.raises(HelperBusyError):
        queue.call(1, b"")


def test_at_the_end_of_the_server_nobody_waits_any_more(open_queue: OpenQueue) -> None:
    queue = open_queue("echo")
    queue.stop()
    with pytest.raises(HelperUnavailableError):
        queue.call(1, b"Hello")
