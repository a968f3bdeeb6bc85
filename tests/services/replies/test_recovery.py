"""Replies whose process died."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from chatsite.accounts.models import User
from chatsite.jobs.failures import JobIncompleteError
from conversations.models import Conversation, Message
from conversations.presenter import MessageView
from conversations.services.replies import recovery
from conversations.services.replies.channel import BOOT_ID, get_channel
from tests.factories import add_pending_reply, make_conversation
from tests.services.writing import regenerate

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(seconds=31)
JUST_NOW = timedelta(seconds=29)


def left_behind(conversation: Conversation, **fields: Any) -> Message:
    reply = add_pending_reply(conversation)
    fields = {"status": Message.Status.STREAMING, "writer": "an earlier life"} | fields
    Message.objects.filter(pk=reply.pk).update(**fields)
    return reply


@pytest.mark.parametrize("status", Message.RUNNING)
def test_what_an_earlier_life_left_is_interrupted(
    conversation: Conversation, status: Message.Status
) -> None:
    reply = left_behind(conversation, status=status)
    assert recovery.interrupt_orphans() == 1
    reply.refresh_from_db()
    assert reply.status == "interrupted"
    assert reply.finished_at


def test_what_was_thought_counts_as_used(conversation: Conversation) -> None:
    reply = left_behind(conversation, reasoning="Let me see.")
    recovery.interrupt_orphans()
    reply.refresh_from_db()
    assert (reply.reasoning, reply.usage_estimated) == ("Let me see.", True)


def test_a_reply_that_was_never_claimed_is_interrupted(conversation: Conversation) -> None:
    left_behind(conversation, status=Message.Status.PENDING, writer="")
    assert recovery.interrupt_orphans() == 1


def test_the_text_that_was_saved_stays(conversation: Conversation) -> None:
    reply = left_behind(conversation, text="I was about to")
    recovery.interrupt_orphans()
    reply.refresh_from_db()
    assert reply.text == "I was about to"
    assert "I was about to" in MessageView(reply).html


def test_what_this_life_writes_goes_on(conversation: Conversation) -> None:
    reply = left_behind(conversation, writer=BOOT_ID)
    assert recovery.interrupt_orphans() == 0
    reply.refresh_from_db()
    assert reply.status == "streaming"


def test_replies_that_ended_are_left_as_they_are(conversation: Conversation) -> None:
    recovery.interrupt_orphans()
    assert set(conversation.messages.values_list("status", flat=True)) == {"complete"}


def test_nothing_is_written_when_nothing_was_left(
    conversation: Conversation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        recovery.interrupt_orphans()


def test_an_interrupted_reply_can_be_retried(conversation: Conversation) -> None:
    reply = left_behind(conversation)
    recovery.interrupt_orphans()
    reply.refresh_from_db()
    assert regenerate(reply).parent == reply.parent


@pytest.mark.parametrize(
    ("since", "interrupted"), [(LONG_AGO, 1), (JUST_NOW, 0)], ids=["long ago", "just now"]
)
def test_a_heartbeat_tells_who_is_alive(
    conversation: Conversation, since: timedelta, interrupted: int
) -> None:
    left_behind(conversation, heartbeat_at=timezone.now() - since)
    assert recovery.interrupt_silent() == interrupted


@pytest.mark.parametrize(
    ("since", "interrupted"), [(LONG_AGO, 1), (JUST_NOW, 0)], ids=["long ago", "just now"]
)
def test_a_reply_that_nobody_claimed_has_as_long(
    conversation: Conversation, since: timedelta, interrupted: int
) -> None:
    status = Message.Status.PENDING
    left_behind(conversation, status=status, created_at=timezone.now() - since)
    assert recovery.interrupt_silent() == interrupted


def test_what_is_live_here_is_alive_whatever_its_heartbeat_says(
    conversation: Conversation,
) -> None:
    message = left_behind(conversation, heartbeat_at=timezone.now() - LONG_AGO)
    reply = get_channel().open_reply(message)
    assert recovery.interrupt_silent() == 0
    get_channel().close_reply(reply)
    assert recovery.interrupt_silent() == 1


def test_one_that_can_not_be_ended_holds_up_no_other(alice: User) -> None:
    first, second = (left_behind(make_conversation(alice, "Hello")) for _ in range(2))

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('UPDATE "conversations_message"') and first.pk in params:
            raise RuntimeError("not this one")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse), pytest.raises(JobIncompleteError):
        recovery.interrupt_orphans()
    second.refresh_from_db()
    assert second.status == "interrupted"


@pytest.mark.parametrize("status", Message.RUNNING)
def test_a_reply_that_is_dated_ahead_is_silent_from_now_on(
    conversation: Conversation, status: Message.Status
) -> None:
    in_a_year = timezone.now() + timedelta(days=366)
    reply = left_behind(conversation, status=status, created_at=in_a_year, heartbeat_at=in_a_year)
    assert recovery.interrupt_silent() == 0
    Message.objects.filter(pk=reply.pk).update(heartbeat_at=F("heartbeat_at") - LONG_AGO)
    assert recovery.interrupt_silent() == 1
