"""What replies took: on the message, and added to its owner's day, once."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import Settings

from chatsite.accounts.models import UsageDay, User
from chatsite.server import lifecycle
from conversations.content import estimate_tokens
from conversations.model_api import Prices
from conversations.models import Conversation, Message
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services import conversations
from conversations.services.replies import cancellation, recovery, usage
from conversations.services.replies.channel import LiveReply
from tests.factories import add_pending_reply, make_conversation
from tests.services.writing import (
    at_once,
    regenerate,
    send,
    start_reply,
    wait_for_text,
    wait_until_saved,
    write_reply,
)

# Generation lets go of its connection, which ends a test's own transaction.
pytestmark = pytest.mark.django_db(transaction=True)

PROMPT = sum(estimate_tokens(text) for text in ("Be brief.", "Hello"))


def day_of(user: User | None) -> tuple[int, int, Decimal]:
    """Tokens read and written, and cost, on the one day there is."""
    day = UsageDay.objects.get(user=user)
    return day.prompt_tokens, day.completion_tokens, day.cost_usd


def kept(reply: Message) -> tuple[int, int, Decimal]:
    assert reply.prompt_tokens is not None
    assert reply.completion_tokens is not None
    assert reply.cost_usd is not None
    return reply.prompt_tokens, reply.completion_tokens, reply.cost_usd


def speaking(conversation: Conversation, gate: Gate) -> LiveReply:
    """A reply that has said "One" and waits to say more."""
    reply = start_reply(conversation)
    gate.release()
    wait_for_text(reply, "One")
    return reply


def test_what_the_provider_tells_is_added_to_the_day(
    alice: User, conversation: Conversation, model: OfflineModel
) -> None:
    reply = write_reply(conversation)
    assert not reply.usage_estimated
    assert day_of(alice) == kept(reply)


def test_the_day_adds_up_what_the_replies_say(
    alice: User, conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(text="One two."), Fault(usage=False), Fault(text="One two three."))
    for _ in range(3):
        write_reply(conversation)
    taken = [kept(reply) for reply in Message.objects.filter(role="assistant")]
    assert len(taken) == 3
    assert list(day_of(alice)) == [sum(column) for column in zip(*taken, strict=True)]


def test_the_day_is_the_users_own(
    alice: User, conversation: Conversation, model: OfflineModel
) -> None:
    for zone in ("Pacific/Niue", "Pacific/Kiritimati"):  # never the same day in both
        User.objects.filter(pk=alice.pk).update(time_zone=zone)
        write_reply(conversation)
    first, second = UsageDay.objects.filter(user=alice).values_list("day", flat=True)
    assert first - second in {timedelta(days=1), timedelta(days=2)}


def test_who_moves_west_while_a_reply_is_written_has_it_counted_on_the_day_they_began(
    alice: User, conversation: Conversation, model: OfflineModel
) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Niue", "Pacific/Kiritimati"):
        User.objects.filter(pk=alice.pk).update(time_zone=zone)
        write_reply(conversation)
    day = UsageDay.objects.get(user=alice)
    assert day.day == timezone.localdate(timezone=ZoneInfo("Pacific/Kiritimati"))


def test_what_the_provider_does_not_tell_is_estimated(
    alice: User, conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(text="One two three four.", usage=False))
    reply = write_reply(conversation)
    written = estimate_tokens("One two three four.")
    cost = (PROMPT * Decimal("0.40") + written * Decimal("1.60")) / 1_000_000
    assert reply.usage_estimated
    assert kept(reply) == (PROMPT, written, cost) == day_of(alice)


def test_a_stopped_reply_counts_what_it_said(
    alice: User, conversation: Conversation, gate: Gate
) -> None:
    running = speaking(conversation, gate)
    reply = Message.objects.get(pk=running.pk)
    cancellation.stop_reply(reply=reply)
    reply.refresh_from_db()
    assert reply.usage_estimated
    assert kept(reply)[:2] == (PROMPT, estimate_tokens("One")) == day_of(alice)[:2]


def test_stopping_before_the_first_word_still_counts_the_prompt(
    alice: User, conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(stall="headers"))
    running = start_reply(conversation)
    model.wait_for_request()
    cancellation.stop_reply(reply=Message.objects.get(pk=running.pk))
    assert day_of(alice)[:2] == (PROMPT, 0)


def test_a_reply_that_failed_after_text_counts(
    alice: User, conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(text="One two three four.", cut=2))
    assert write_reply(conversation).status == "failed"
    assert day_of(alice)[:2] == (PROMPT, estimate_tokens("One two"))


@pytest.mark.parametrize("status", [400, 401, 402, 404, 413, 429, 500])
def test_a_request_that_was_not_accepted_costs_nothing(
    conversation: Conversation, model: OfflineModel, status: int
) -> None:
    model.script(Fault(status=status, retry_after="60"))
    assert write_reply(conversation).prompt_tokens is None
    assert not UsageDay.objects.exists()


def test_a_model_that_is_not_there_costs_nothing(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.close()
    write_reply(conversation)
    assert not UsageDay.objects.exists()


def test_a_reply_cut_short_by_the_shutdown_counts(
    alice: User, conversation: Conversation, gate: Gate, settings: Settings
) -> None:
    settings.SHUTDOWN_GRACE = 0
    speaking(conversation, gate)
    lifecycle.stop_workers()
    assert day_of(alice)[:2] == (PROMPT, estimate_tokens("One"))


def test_deleting_the_conversation_does_not_evade_the_budget(
    alice: User, conversation: Conversation, gate: Gate
) -> None:
    running = speaking(conversation, gate)
    conversations.delete_conversation(conversation=Conversation.objects.get(pk=conversation.pk))
    assert running.wait_done(10)
    assert not Message.objects.exists()
    assert day_of(alice)[:2] == (PROMPT, estimate_tokens("One"))


def test_deleting_a_conversation_gives_nothing_back(
    alice: User, conversation: Conversation, model: OfflineModel
) -> None:
    taken = kept(write_reply(conversation))
    conversations.delete_conversation(conversation=Conversation.objects.get(pk=conversation.pk))
    assert day_of(alice) == taken


def test_what_a_user_took_who_was_erased_meanwhile_is_nobodys(
    alice: User, conversation: Conversation, gate: Gate
) -> None:
    running = speaking(conversation, gate)
    User.objects.get(pk=alice.pk).delete()
    gate.open()
    assert running.wait_done(10)
    assert day_of(None)[0] > 0


def test_what_erased_users_took_is_added_up(alice: User, bob: User) -> None:
    spent = usage.estimate_usage([], "One two three four.", Prices())
    for user in (alice, bob):
        pk = user.pk
        user.delete()
        usage.end_reply(1, pk, {"status": "complete"}, spent)
    assert day_of(None)[1] == 2 * spent.completion_tokens


def test_a_reply_whose_writer_died_counts_what_was_saved(
    alice: User, conversation: Conversation
) -> None:
    reply = add_pending_reply(conversation)
    fields = {"status": "streaming", "writer": "an earlier life", "text": "I was about to"}
    Message.objects.filter(pk=reply.pk).update(**fields)
    recovery.interrupt_orphans()
    assert day_of(alice)[:2] == (PROMPT, estimate_tokens("I was about to"))
    recovery.interrupt_orphans()
    reply.refresh_from_db()
    assert kept(reply) == day_of(alice)


def test_a_reply_that_nobody_had_begun_costs_nothing(conversation: Conversation) -> None:
    add_pending_reply(conversation)
    recovery.interrupt_orphans()
    assert not UsageDay.objects.exists()


def test_saving_twice_counts_once(
    alice: User, conversation: Conversation, model: OfflineModel
) -> None:
    reply = write_reply(conversation)
    spent = usage.estimate_usage([], "again", Prices())
    usage.end_reply(reply.pk, alice.pk, {"text": "again"}, spent)
    reply.refresh_from_db()
    assert reply.text != "again"
    assert day_of(alice) == kept(reply)


def test_a_writer_who_was_given_up_and_comes_back_counts_once(
    alice: User, conversation: Conversation, gate: Gate
) -> None:
    running = speaking(conversation, gate)
    Message.objects.filter(pk=running.pk).update(text="One")
    recovery.interrupt_replies(Message.objects.filter(pk=running.pk))
    gate.open()
    assert running.wait_done(10)
    reply = Message.objects.get(pk=running.pk)
    assert reply.status == "interrupted"
    assert kept(reply) == day_of(alice)


def test_a_writer_who_was_given_up_before_its_first_word_counts_what_it_wrote(
    alice: User, conversation: Conversation, gate: Gate
) -> None:
    running = start_reply(conversation)
    gate.release()
    wait_for_text(running, "One")
    recovery.interrupt_replies(Message.objects.filter(pk=running.pk))
    gate.open()
    assert running.wait_done(10)
    reply = Message.objects.get(pk=running.pk)
    assert reply.completion_tokens == 5
    assert kept(reply) == day_of(alice)


def test_replies_that_end_at_once_are_all_counted(alice: User) -> None:
    spent = usage.estimate_usage([], "One two three four.", Prices())
    pending = [add_pending_reply(make_conversation(alice, "Hello")) for _ in range(8)]
    ends = [
        partial(usage.end_reply, reply.pk, alice.pk, {"status": "complete"}, spent)
        for reply in pending
    ]
    assert at_once(*ends) == [None] * 8
    assert day_of(alice)[1] == 8 * spent.completion_tokens


def test_what_this_site_does_wrong_before_it_asks_costs_nothing(
    conversation: Conversation, model: OfflineModel
) -> None:
    ours = {"messages": {"value": "ours to set", "from": "site"}}
    assert write_reply(conversation, parameters=ours).error_code == "internal"
    assert not UsageDay.objects.exists()


def test_messages_are_counted_by_day_and_retries_are_not(
    alice: User, conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(status=400))
    send(conversation, "And now?", token="a")
    failed = wait_until_saved(send(conversation, "And now?", token="a").reply)
    wait_until_saved(regenerate(failed))
    day = UsageDay.objects.get(user=alice)
    assert (day.messages, day.day) == (1, timezone.localdate())
