"""New messages are flagged by rule, once each, and their conversations put into the queue."""

from decimal import Decimal

import pytest

from conversations.models import Conversation, Message
from conversations.outbox import worker
from conversations.review.models import Flag, Review, Rule
from conversations.review.rules import flagging, matching
from tests.factories import add_message, add_pending_reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule() -> Rule:
    return Rule.objects.create(name="Weapons", kind="words", text="bomb")


def ask(conversation: Conversation, text: str = "How does a bomb work?") -> Message:
    return add_message(conversation, role="user", text=text)


def test_a_message_that_matches_is_flagged(conversation: Conversation, rule: Rule) -> None:
    message = ask(conversation)
    worker.process_outbox()
    flag = Flag.objects.get()
    assert (flag.message, flag.rule, flag.conversation) == (message, rule, conversation)
    assert flag.reviewer is None


def test_its_conversation_is_to_be_reviewed(conversation: Conversation, rule: Rule) -> None:
    worker.process_outbox()
    Review.objects.update(state="reviewed")
    ask(conversation)
    worker.process_outbox()
    review = Review.objects.get()
    assert (review.state, review.flag_count) == ("waiting", 1)


def test_other_messages_are_left_alone(conversation: Conversation, rule: Rule) -> None:
    ask(conversation, "How does a bombardier beetle work?")
    worker.process_outbox()
    assert not Flag.objects.exists()
    assert Review.objects.get().state == "unreviewed"


def test_a_rule_that_is_off_flags_nothing(conversation: Conversation, rule: Rule) -> None:
    Rule.objects.update(is_active=False)
    ask(conversation)
    worker.process_outbox()
    assert not Flag.objects.exists()


def test_each_rule_flags_for_itself_and_once(conversation: Conversation, rule: Rule) -> None:
    Rule.objects.create(name="Long", kind="length", threshold=Decimal(5))
    message = ask(conversation)
    worker.process_outbox()
    found = flagging.find_matches([message])
    assert flagging.save_flags(found, [message]) == set()
    assert Flag.objects.filter(message=message).count() == 2


def test_a_reply_is_looked_at_once_it_is_finished(conversation: Conversation, rule: Rule) -> None:
    reply = add_pending_reply(conversation)
    Message.objects.filter(pk=reply.pk).update(status="streaming", text="A bomb")
    worker.process_outbox()
    assert not Flag.objects.exists()
    Message.objects.filter(pk=reply.pk).update(status="stopped", text="A bomb is")
    worker.process_outbox()
    assert Flag.objects.get().message_id == reply.pk


def test_a_cost_that_becomes_known_late_counts(conversation: Conversation, rule: Rule) -> None:
    dear = Rule.objects.create(name="Dear", kind="cost", threshold=Decimal("0.1"))
    reply = add_message(conversation, role="assistant", text="A bomb is")
    worker.process_outbox()
    Message.objects.filter(pk=reply.pk).update(cost_usd=Decimal("0.2"), prompt_tokens=9)
    worker.process_outbox()
    assert set(Flag.objects.values_list("rule", flat=True)) == {rule.pk, dear.pk}


def test_what_is_gone_meanwhile_is_passed_over(conversation: Conversation, rule: Rule) -> None:
    message = ask(conversation)
    found = flagging.find_matches([message])
    assert flagging.save_flags(found, []) == set()
    rule.delete()
    assert flagging.save_flags(found, [message]) == set()
    assert not Flag.objects.exists()


def test_a_rule_that_takes_too_long_is_switched_off(
    conversation: Conversation, rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "LIMIT", -1)
    ask(conversation)
    worker.process_outbox()
    rule.refresh_from_db()
    assert not rule.is_active
    assert "of computing" in rule.fault
    assert not Flag.objects.exists()


def test_a_rule_that_the_engine_refuses_by_now_holds_up_nothing(
    conversation: Conversation, rule: Rule
) -> None:
    broken = Rule.objects.create(name="Broken", kind=Rule.Kind.PATTERN, text="(")
    ask(conversation)
    worker.process_outbox()
    broken.refresh_from_db()
    assert not broken.is_active
    assert "missing )" in broken.fault
    assert Flag.objects.get().rule == rule


def test_flags_go_with_their_conversation(conversation: Conversation, rule: Rule) -> None:
    ask(conversation)
    worker.process_outbox()
    conversation.delete()
    assert not Flag.objects.exists()
