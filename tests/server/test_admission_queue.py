"""Who comes first when many send at once."""

import threading
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from chatsite.server import admission_queue
from conversations.models import Conversation
from tests.views.html import HTMX

# How many turns there are is a matter of the database.
pytestmark = pytest.mark.each_database
TIMEOUT = 10.0
# Long enough to see that nothing happens.
MOMENT = 0.05


@pytest.fixture
def all_turns_taken() -> Iterator[None]:
    permits = admission_queue.PERMITS[connection.vendor]
    for _ in range(permits):
        admission_queue.enter_queue()
    yield
    for _ in range(permits):
        admission_queue.leave_queue()


def begin(work: Callable[[], None]) -> threading.Event:
    """Set once the work is done."""
    done = threading.Event()

    def run() -> None:
        work()
        done.set()

    threading.Thread(target=run, daemon=True).start()
    return done


def take_a_turn() -> None:
    admission_queue.enter_queue()
    admission_queue.leave_queue()


@pytest.mark.usefixtures("all_turns_taken")
def test_a_message_waits_until_an_earlier_one_is_answered() -> None:
    taken = begin(take_a_turn)
    assert not taken.wait(MOMENT)
    admission_queue.leave_queue()
    assert taken.wait(TIMEOUT)
    admission_queue.enter_queue()


def test_what_takes_long_is_done_while_others_go_on() -> None:
    request = RequestFactory().post("/")
    request.META[admission_queue.ADMITTED] = True
    for _ in range(admission_queue.PERMITS[connection.vendor]):
        admission_queue.enter_queue()
    with admission_queue.outside_queue(request):
        assert begin(take_a_turn).wait(TIMEOUT)
    taken = begin(take_a_turn)
    assert not taken.wait(MOMENT)
    for _ in range(admission_queue.PERMITS[connection.vendor]):
        admission_queue.leave_queue()
    assert taken.wait(TIMEOUT)


def test_words_after_the_first_wait_for_messages_that_have_come_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(admission_queue, "LONGEST_YIELD", 10 * TIMEOUT)
    admission_queue.enter_queue()
    gone_on = begin(admission_queue.yield_to_queue)
    assert not gone_on.wait(MOMENT)
    admission_queue.leave_queue()
    assert gone_on.wait(TIMEOUT)


def test_words_after_the_first_wait_for_a_moment_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission_queue, "LONGEST_YIELD", MOMENT)
    admission_queue.enter_queue()
    gone_on = begin(admission_queue.yield_to_queue)
    assert gone_on.wait(TIMEOUT)
    admission_queue.leave_queue()


@pytest.mark.django_db
def test_a_message_leaves_the_line_also_when_it_comes_to_nothing(
    alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission_queue, "LONGEST_YIELD", 10 * TIMEOUT)
    answer = alice_client.post(f"/c/{uuid.uuid4()}/messages/", {"text": "Hello"}, headers=HTMX)
    assert answer.status_code == 404
    assert begin(admission_queue.yield_to_queue).wait(TIMEOUT)


@pytest.mark.usefixtures("all_turns_taken")
def test_reading_waits_for_nobody(alice_client: Client, conversation: Conversation) -> None:
    page = alice_client.get(conversation.get_absolute_url())
    assert page.status_code == 200
