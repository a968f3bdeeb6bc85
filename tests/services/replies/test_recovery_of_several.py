"""Replies whose process died, where several serve: those of the living are left alone."""

import uuid
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from chatsite.jobs.models import ServerProcess
from conversations.models import Conversation, Message
from conversations.services.replies import recovery
from conversations.services.replies.channel import BOOT_ID
from tests.services.replies.test_recovery import JUST_NOW, LONG_AGO, left_behind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]


def make_writer(*, silent_for: timedelta) -> str:
    """Make another process, which was heard of so long ago; return how it signs its replies."""
    return ServerProcess.objects.create(pk=uuid.uuid4(), seen_at=Now() - silent_for).pk.hex


def status_of(reply: Message) -> str:
    reply.refresh_from_db()
    return str(reply.status)


def test_a_start_leaves_the_replies_of_living_processes_alone(conversation: Conversation) -> None:
    reply = left_behind(conversation, writer=make_writer(silent_for=JUST_NOW))
    recovery.recover_replies()
    assert status_of(reply) == "streaming"


def test_the_clock_of_another_host_ends_no_reply(conversation: Conversation) -> None:
    writer = make_writer(silent_for=JUST_NOW)
    behind = timezone.now() - timedelta(hours=1)
    reply = left_behind(conversation, writer=writer, heartbeat_at=behind)
    recovery.interrupt_silent()
    assert status_of(reply) == "streaming"


def test_replies_of_a_process_that_went_silent_are_interrupted(conversation: Conversation) -> None:
    reply = left_behind(conversation, writer=make_writer(silent_for=LONG_AGO))
    assert recovery.interrupt_silent() == 1
    assert recovery.interrupt_silent() == 0
    assert status_of(reply) == "interrupted"


def test_replies_of_a_process_that_is_not_listed_are_interrupted(
    conversation: Conversation,
) -> None:
    reply = left_behind(conversation, writer=uuid.uuid4().hex)
    recovery.recover_replies()
    assert status_of(reply) == "interrupted"


def test_a_reply_that_is_just_being_begun_elsewhere_is_left_alone(
    conversation: Conversation,
) -> None:
    reply = left_behind(conversation, status=Message.Status.PENDING, writer="")
    recovery.recover_replies()
    assert status_of(reply) == "pending"


def test_a_reply_that_nobody_began_is_interrupted(conversation: Conversation) -> None:
    long_ago = timezone.now() - LONG_AGO
    reply = left_behind(conversation, status=Message.Status.PENDING, writer="", created_at=long_ago)
    assert recovery.interrupt_silent() == 1
    assert status_of(reply) == "interrupted"


def test_what_this_process_has_lost_sight_of_is_interrupted(conversation: Conversation) -> None:
    long_ago = timezone.now() - LONG_AGO
    left_behind(conversation, writer=BOOT_ID, heartbeat_at=long_ago)
    assert recovery.interrupt_silent() == 1
