"""What is saved of replies while they are written."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from chatsite.accounts.models import User
from chatsite.server.readiness import Finding
from conversations.models import Conversation, Message
from conversations.offline_model import Gate, OfflineModel
from conversations.services.replies.channel import LiveReply, get_channel
from conversations.services.replies.checkpoints import Checkpointer, check_age
from tests.factories import add_pending_reply, make_conversation
from tests.services.writing import TIMEOUT, start_reply, wait_for_text
from tests.waiting import wait_until


def open_streaming(conversation: Conversation) -> LiveReply:
    """A claimed reply without a thread that writes it."""
    message = add_pending_reply(conversation)
    Message.objects.filter(pk=message.pk).update(status=Message.Status.STREAMING)
    return get_channel().open_reply(message)


@pytest.fixture
def reply(conversation: Conversation) -> Iterator[LiveReply]:
    reply = open_streaming(conversation)
    yield reply
    get_channel().close_reply(reply)


def saved(reply: LiveReply) -> Message:
    return Message.objects.get(pk=reply.pk)


def test_the_text_so_far_is_saved_with_a_heartbeat(reply: LiveReply) -> None:
    before = timezone.now()
    reply.publish("One")
    reply.publish(" two")
    Checkpointer().save()
    assert saved(reply).text == "One two"
    assert (heartbeat := saved(reply).heartbeat_at)
    assert heartbeat >= before


def test_the_thinking_so_far_is_saved(reply: LiveReply) -> None:
    reply.publish("", "Let me")
    reply.publish("", " see.")
    Checkpointer().save()
    assert (saved(reply).text, saved(reply).reasoning) == ("", "Let me see.")


def test_what_came_since_the_last_checkpoint_is_saved_at_the_next(reply: LiveReply) -> None:
    checkpointer = Checkpointer()
    reply.publish("One")
    checkpointer.save()
    reply.publish(" two")
    checkpointer.save()
    assert saved(reply).text == "One two"


def test_only_the_heartbeat_is_saved_of_a_reply_that_did_not_grow(reply: LiveReply) -> None:
    checkpointer = Checkpointer()
    reply.publish("One")
    checkpointer.save()
    first = saved(reply).heartbeat_at
    with CaptureQueriesContext(
        connection,
    ) as queries:
        checkpointer.save()
    assert not [query for query in queries if '"text"' in query["sql"]]
    assert first
    assert (second := saved(reply).heartbeat_at)
    assert second > first


@pytest.mark.django_db
def test_nothing_is_asked_of_the_database_while_no_reply_runs(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        Checkpointer().save()


def test_all_replies_are_saved_in_one_transaction(
    alice: User, reply: LiveReply, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = open_streaming(make_conversation(alice, "Hello"))
    reply.publish("One")
    other.publish("Two")
    # A savepoint here, as the test is a transaction already.
    with django_assert_num_queries(2 + 2):
        Checkpointer().save()
    get_channel().close_reply(other)
    assert (saved(reply).text, saved(other).text) == ("One", "Two")


def test_a_reply_that_ended_meanwhile_is_not_touched(reply: LiveReply) -> None:
    Message.objects.filter(pk=reply.pk).update(status=Message.Status.COMPLETE, text="All of it")
    reply.publish("All")
    Checkpointer().save()
    assert saved(reply).text == "All of it"
    assert saved(reply).heartbeat_at is None


def test_a_failed_checkpoint_is_made_up_for_by_the_next(
    reply: LiveReply, settings: Settings
) -> None:
    checkpointer = Checkpointer()
    reply.publish("One")
    with pytest.raises(RuntimeError), connection.execute_wrapper(refuse):
        checkpointer.save()
    checkpointer.save()
    assert saved(reply).text == "One"


def refuse(*_: object) -> None:
    raise RuntimeError("the database is away")


@pytest.mark.django_db(transaction=True)
def test_a_running_checkpointer_saves_of_its_own_accord(
    conversation: Conversation, gate: Gate, settings: Settings
) -> None:
    settings.CHECKPOINT_INTERVAL = 0.02
    reply = start_reply(conversation)
    gate.release(2)
    wait_for_text(reply, "One two")
    checkpointer = Checkpointer()
    checkpointer.start()
    try:
        wait_until(lambda: saved(reply).text == "One two", "the saved text")
    finally:
        checkpointer.stop()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", [Message.Status.INTERRUPTED, Message.Status.STOPPED])
def test_a_reply_that_another_process_ended_is_cancelled(
    conversation: Conversation, gate: Gate, model: OfflineModel, status: Message.Status
) -> None:
    reply = start_reply(conversation)
    upstream = model.wait_for_request()
    Message.objects.filter(pk=reply.pk).update(status=status)
    Checkpointer().save()
    assert upstream.disconnected.wait(TIMEOUT)
    assert reply.wait_done(TIMEOUT)


def test_a_reply_that_is_still_to_be_claimed_is_left_alone(conversation: Conversation) -> None:
    reply = get_channel().open_reply(add_pending_reply(conversation))
    Checkpointer().save()
    assert not reply.cancellation.cancelled
    get_channel().close_reply(reply)


def test_a_reply_that_is_saved_but_still_gets_its_colours_is_not_cancelled(
    reply: LiveReply,
) -> None:
    reply.is_written = True
    Message.objects.filter(pk=reply.pk).update(status=Message.Status.COMPLETE)
    Checkpointer().save()
    assert not reply.cancellation.cancelled


def test_one_that_no_longer_saves_is_never_late() -> None:
    checkpointer = Checkpointer()
    checkpointer.start()
    assert "age_seconds" in check_age().figures
    checkpointer.stop()
    assert check_age() == Finding()


@pytest.mark.django_db
def test_one_that_saves_by_hand_says_nothing_of_the_process() -> None:
    Checkpointer().work()
    assert check_age() == Finding()
