"""A job that killed its process is not taken up a second time the same way."""

from collections.abc import Iterator

import pytest

from chatsite.jobs import attempts
from chatsite.jobs.models import Attempt, CrashedItem
from tests.jobs.dying import run_serving
from tests.logs import messages_of

pytestmark = pytest.mark.django_db(transaction=True)

DIES = """
import sys
with attempts.record_attempt("index", sys.argv[1:]):
    os.kill(os.getpid(), 9)
"""


@pytest.fixture(autouse=True)
def recording(transactional_db: None) -> Iterator[None]:
    """This process serves; what it began ends with the test."""
    attempts.start_recording()
    yield
    attempts.stop_recording()


def die_at(*items: str) -> None:
    assert run_serving(DIES, *items) == -9
    attempts.start_recording()


def crashes() -> dict[str, int]:
    return dict(CrashedItem.objects.order_by("item").values_list("item", "crashes"))


def test_an_attempt_is_committed_before_the_work_and_deleted_after_it() -> None:
    with attempts.record_attempt("index", ["a"]):
        assert Attempt.objects.get().items == ["a"]
    assert not Attempt.objects.exists()


def test_work_that_fails_is_no_crash() -> None:
    with pytest.raises(ValueError, match="bad"), attempts.record_attempt("index", ["a"]):
        raise ValueError("bad")
    assert not Attempt.objects.exists()


def test_everything_that_a_killed_process_was_at_has_crashed_once() -> None:
    die_at("a", "b")
    assert crashes() == {"a": 1, "b": 1}
    assert attempts.count_crashes("index", ["a", "c"]) == {"a": 1}
    assert attempts.count_crashes("other", ["a"]) == {}


def test_after_the_second_crash_an_item_is_set_aside(caplog: pytest.LogCaptureFixture) -> None:
    die_at("a", "b")
    die_at("a")
    assert [each.item for each in CrashedItem.objects.filter(set_aside_at__isnull=False)] == ["a"]
    assert (
        messages_of(caplog, "chatsite.jobs")[-1]
        == "index: a: the process died at it again; it is set aside"
    )


def test_an_item_that_goes_well_alone_is_forgiven() -> None:
    die_at("a")
    with attempts.attempt_alone("index", "a") as is_tried:
        assert is_tried
    assert crashes() == {}


def test_what_is_set_aside_is_not_tried_alone_either() -> None:
    die_at("a")
    die_at("a")
    with attempts.attempt_alone("index", "a") as is_tried:
        assert not is_tried
        assert not Attempt.objects.exists()
    assert crashes() == {"a": 2}


def test_a_stop_on_purpose_is_no_crash() -> None:
    script = DIES.replace("    os.kill", "    attempts.stop_recording(); os.kill")
    assert run_serving(script, "a") == -9
    attempts.start_recording()
    assert crashes() == {}


def test_the_end_of_a_process_that_answers_no_more_is_a_crash() -> None:
    ended = "    attempts.mark_aborted(); attempts.stop_recording(); os.kill"
    assert run_serving(DIES.replace("    os.kill", ended), "a") == -9
    attempts.start_recording()
    assert crashes() == {"a": 1}


def test_an_item_that_is_tried_again_goes_alone_and_has_one_crash_left() -> None:
    die_at("a")
    die_at("a")
    attempts.try_again(CrashedItem.objects.get())
    crashed = CrashedItem.objects.get()
    assert (crashed.crashes, crashed.set_aside_at) == (1, None)


def test_outside_of_a_serving_process_nothing_is_recorded() -> None:
    attempts.stop_recording()
    with attempts.record_attempt("index", ["a"]):
        assert not Attempt.objects.exists()
