"""The start and the end of a serving process, with replies under way."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import Settings

from chatsite.accounts.models import User
from chatsite.server import lifecycle
from conversations.models import Conversation, Message
from conversations.offline_model import Fault, Gate, OfflineModel
from tests.factories import add_pending_reply, make_conversation
from tests.services.writing import start_reply, wait_for_text

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    """Whatever life a test began ends with it."""
    yield
    lifecycle.stop_workers()


def test_a_start_interrupts_what_the_last_life_left(conversation: Conversation) -> None:
    reply = add_pending_reply(conversation)
    lifecycle.start_workers()
    reply.refresh_from_db()
    assert reply.status == "interrupted"


def test_a_reply_that_ends_within_the_grace_is_complete(
    conversation: Conversation, model: OfflineModel, settings: Settings
) -> None:
    settings.SHUTDOWN_GRACE = 10
    model.script(Fault(text="One two three four.", rate=50))
    reply = start_reply(conversation)
    lifecycle.stop_workers()
    message = Message.objects.get(pk=reply.pk)
    assert (message.status, message.text) == ("complete", "One two three four.")


def test_a_reply_that_begins_within_the_grace_gets_the_rest_of_it(
    conversation: Conversation, gate: Gate, alice: User, model: OfflineModel, settings: Settings
) -> None:
    settings.SHUTDOWN_GRACE = 10
    first = start_reply(conversation)
    model.wait_for_request()
    (other_gate := Gate()).release()
    model.forget()
    model.script(Fault(text="One two", gate=other_gate))
    stopping = threading.Thread(target=stop_workers)
    stopping.start()
    later = start_reply(make_conversation(alice, "Hello"))
    wait_for_text(later, "One")
    gate.open()
    assert first.wait_done(10)
    assert not later.wait_done(0.5)
    other_gate.open()
    stopping.join(20)
    assert Message.objects.get(pk=later.pk).status == "complete"


def stop_workers() -> None:
    """As the thread of its own does that a server has for it."""
    try:
        lifecycle.stop_workers()
    finally:
        connection.close()


def test_a_reply_that_takes_longer_is_interrupted_with_its_text(
    conversation: Conversation, gate: Gate, settings: Settings
) -> None:
    settings.SHUTDOWN_GRACE = 0.05
    reply = start_reply(conversation)
    gate.release(2)
    wait_for_text(reply, "One two")
    lifecycle.stop_workers()
    message = Message.objects.get(pk=reply.pk)
    assert (message.status, message.text) == ("interrupted", "One two")


def test_the_call_of_an_interrupted_reply_is_ended(
    conversation: Conversation, gate: Gate, model: OfflineModel, settings: Settings
) -> None:
    settings.SHUTDOWN_GRACE = 0
    start_reply(conversation)
    upstream = model.wait_for_request()
    lifecycle.stop_workers()
    assert upstream.disconnected.wait(5)


def test_all_that_run_are_saved(alice: User, gate: Gate, settings: Settings) -> None:
    settings.SHUTDOWN_GRACE = 0
    for _ in range(3):
        start_reply(make_conversation(alice, "Hello"))
    lifecycle.stop_workers()
    assert Message.objects.filter(status="interrupted").count() == 3


def test_an_idle_process_ends_at_once(settings: Settings) -> None:
    settings.SHUTDOWN_GRACE = 3600
    lifecycle.stop_workers()
