"""Continuing a reply: what is asked, what is joined, what is counted, and that nothing is lost."""

from decimal import Decimal
from functools import partial

import pytest
from django.http import Http404
from django.utils import timezone
from django.utils.html import strip_tags

from chatsite.accounts.budgets.services import BudgetExceededError
from chatsite.accounts.models import Limit, UsageDay, User
from conversations import rendering
from conversations.content import CONTINUE, estimate_tokens
from conversations.models import Conversation, Feedback, Message
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services import feedback
from conversations.services.replies import cancellation, recovery
from conversations.services.replies.checkpoints import Checkpointer
from conversations.services.turn_checks import TurnRefusedError
from tests.factories import add_message, make_conversation, owner_of
from tests.services.writing import (
    at_once,
    continue_reply,
    live_reply,
    send,
    wait_for_text,
    wait_until_saved,
    write_reply,
)

# Generation lets go of its connection, which ends a test's own transaction.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conversation(alice: User) -> Conversation:
    """alice's, and it is the model's turn."""
    return make_conversation(alice, "Hello")


def cut_reply(conversation: Conversation, model: OfflineModel, text: str = "One tw") -> Message:
    """A reply that its length has cut."""
    model.script(Fault(text=text, finish_reason="length"))
    return write_reply(conversation)


def continued(reply: Message) -> Message:
    return wait_until_saved(continue_reply(reply))


def used(owner: User) -> tuple[int, int, Decimal]:
    day = UsageDay.objects.get(user=owner)
    return day.prompt_tokens, day.completion_tokens, day.cost_usd


@pytest.mark.parametrize(
    ("begun", "rest"),
    [
        ("The quick br", "own fox"),
        ("```python\nprint(", '"x")\n```\n\nDone.'),
        ("| a | b |\n|---|---|\n| 1 ", "| 2 |\n| 3 | 4 |"),
        ("- one\n- t", "wo\n- three"),
        ("Ends with a space ", " and another"),
    ],
    ids=["word", "fence", "table", "list", "spaces"],
)
def test_the_text_grows_on_from_where_it_ended(
    conversation: Conversation, model: OfflineModel, begun: str, rest: str
) -> None:
    reply = cut_reply(conversation, model, begun)
    model.script(Fault(text=rest))
    whole = continued(reply)
    assert (whole.pk, whole.status, whole.text) == (reply.pk, "complete", begun + rest)
    html = rendering.render(begun + rest, prefix=f"m{reply.pk}")
    assert strip_tags(whole.html) == strip_tags(html)


def test_the_offline_model_knows_how_its_reply_goes_on(
    conversation: Conversation, model: OfflineModel
) -> None:
    whole = write_reply(conversation).text
    reply = conversation.messages.latest("pk")
    Message.objects.filter(pk=reply.pk).update(text=whole[:301], status="interrupted")
    assert continued(reply).text == whole


def test_the_model_is_sent_the_reply_so_far_and_asked_to_continue(
    conversation: Conversation, model: OfflineModel
) -> None:
    reply = cut_reply(conversation, model)
    continued(reply)
    sent = model.requests[-1].body["messages"]
    assert [each["role"] for each in sent] == ["system", "user", "assistant", "user"]
    assert [each["content"] for each in sent[-2:]] == ["One tw", CONTINUE]


def test_what_a_reply_was_asked_to_be_is_said_again(
    conversation: Conversation, model: OfflineModel
) -> None:
    reply = cut_reply(conversation, model)
    Message.objects.filter(pk=reply.pk).update(instruction="shorter")
    continued(reply)
    assert "half as many words" in model.requests[-1].body["messages"][1]["content"]


def test_the_live_reply_begins_with_what_there_was(conversation: Conversation, gate: Gate) -> None:
    reply = write_stopped(conversation, gate, "One two")
    continue_reply(reply)
    live = live_reply(reply.pk)
    assert live.text == "One two"
    gate.release()
    wait_for_text(live, "One twoOne")
    Checkpointer().save()
    reply.refresh_from_db()
    assert (reply.status, reply.text) == ("streaming", "One twoOne")


def write_stopped(conversation: Conversation, gate: Gate, text: str) -> Message:
    """A reply that was stopped after these words."""
    reply = add_message(conversation, role="assistant", text=text, status="stopped")
    reply.finished_at = timezone.now()
    reply.save()
    conversation.save()
    return reply


def test_usage_is_added(alice: User, conversation: Conversation, model: OfflineModel) -> None:
    reply = cut_reply(conversation, model)
    first = used(alice)
    whole = continued(reply)
    assert (whole.prompt_tokens, whole.completion_tokens, whole.cost_usd) == used(alice)
    now = used(alice)
    assert (now[0] > first[0], now[1] > first[1], now[2] > first[2]) == (True, True, True)
    assert not whole.usage_estimated


def test_a_sum_with_an_estimate_is_an_estimate(
    alice: User, conversation: Conversation, model: OfflineModel
) -> None:
    reply = cut_reply(conversation, model)
    model.script(Fault(text="o.", usage=False))
    whole = continued(reply)
    assert whole.usage_estimated
    assert whole.completion_tokens == (reply.completion_tokens or 0) + estimate_tokens("o.")


@pytest.mark.parametrize("fault", [Fault(status=500, times=9), Fault(cut=0, text="o.", times=9)])
def test_a_continuation_that_fails_drops_nothing(
    conversation: Conversation, model: OfflineModel, fault: Fault
) -> None:
    model.script(Fault(text="One tw", reasoning="Let me see.", finish_reason="length"))
    reply = write_reply(conversation)
    model.script(fault)
    failed = continued(reply)
    assert (failed.status, failed.text, failed.reasoning) == ("failed", "One tw", "Let me see.")
    assert failed.html == reply.html
    assert failed.prompt_tokens == reply.prompt_tokens


def test_new_thoughts_are_a_paragraph_of_their_own(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(text="One tw", reasoning="Let me see.", finish_reason="length"))
    reply = write_reply(conversation)
    model.script(Fault(text="o.", reasoning="Where was I?"))
    whole = continued(reply)
    assert (whole.text, whole.reasoning) == ("One two.", "Let me see.\n\nWhere was I?")


def test_a_continuation_is_stopped_and_continued_again(
    alice: User, conversation: Conversation, gate: Gate
) -> None:
    reply = write_stopped(conversation, gate, "Zero. ")
    continue_reply(reply)
    gate.release()
    wait_for_text(live_reply(reply.pk), "One")
    cancellation.stop_reply(reply=reply)
    reply.refresh_from_db()
    assert (reply.status, reply.text) == ("stopped", "Zero. One")
    gate.open()
    assert continued(reply).text == "Zero. OneOne two three four."


def test_a_continuation_whose_process_died_keeps_all_that_was_saved(
    alice: User, conversation: Conversation, gate: Gate
) -> None:
    reply = write_stopped(conversation, gate, "Zero. ")
    Message.objects.filter(pk=reply.pk).update(
        status="streaming", writer="an earlier life", text="Zero. One two", base_length=6
    )
    recovery.interrupt_orphans()
    reply.refresh_from_db()
    assert (reply.status, reply.text) == ("interrupted", "Zero. One two")
    assert reply.completion_tokens == estimate_tokens("One two") == used(alice)[1]


def test_the_same_form_sent_twice_continues_once(
    conversation: Conversation, model: OfflineModel
) -> None:
    reply = cut_reply(conversation, model)
    model.script(Fault(text="o.", finish_reason="length"))
    wait_until_saved(continue_reply(reply, token=reply.ended_token))
    asked = len(model.requests)
    assert continue_reply(reply, token=reply.ended_token).text == "One two."
    assert len(model.requests) == asked


def test_two_tabs_that_continue_at_once_continue_once(
    conversation: Conversation, model: OfflineModel, gate: Gate
) -> None:
    reply = write_stopped(conversation, gate, "Zero.")
    done = at_once(*[partial(continue_reply, reply, token=reply.ended_token)] * 2)
    assert [each.pk for each in done if isinstance(each, Message)] == [reply.pk] * 2
    gate.open()
    wait_until_saved(reply)
    assert len(model.requests) == 1


def test_a_reply_that_is_whole_is_not_continued(
    conversation: Conversation, model: OfflineModel
) -> None:
    with pytest.raises(TurnRefusedError, match="can’t be continued"):
        continue_reply(write_reply(conversation))


def test_a_reply_without_text_is_not_continued(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(status=500, times=9))
    with pytest.raises(TurnRefusedError, match="can’t be continued"):
        continue_reply(write_reply(conversation))


def test_a_reply_that_is_not_the_last_is_not_continued(
    conversation: Conversation, model: OfflineModel
) -> None:
    reply = cut_reply(conversation, model)
    wait_until_saved(send(conversation, "More", token="a").reply)
    with pytest.raises(TurnRefusedError, match="Only the last reply"):
        continue_reply(reply)


def test_a_message_of_the_user_is_not_continued(conversation: Conversation) -> None:
    with pytest.raises(Http404):
        continue_reply(conversation.messages.get())


def test_continuing_while_a_reply_runs_is_refused(conversation: Conversation, gate: Gate) -> None:
    reply = write_stopped(conversation, gate, "Zero.")
    add_message(conversation, role="assistant", status="pending", parent=reply.parent)
    with pytest.raises(TurnRefusedError, match="still being written"):
        continue_reply(reply)


def test_continuing_over_budget_is_refused(
    alice: User, conversation: Conversation, model: OfflineModel
) -> None:
    reply = cut_reply(conversation, model)
    Limit.objects.create(user=alice, tokens_per_day=1)
    with pytest.raises(BudgetExceededError):
        continue_reply(reply)
    reply.refresh_from_db()
    assert (reply.status, reply.text) == ("complete", "One tw")


def test_feedback_stays(conversation: Conversation, model: OfflineModel) -> None:
    reply = cut_reply(conversation, model)
    feedback.give_feedback(
        owner=owner_of(conversation),
        conversation_id=conversation.pk,
        message_id=reply.pk,
        rating="up",
    )
    continued(reply)
    assert Feedback.objects.get(message=reply).rating == "up"


def test_the_sum_is_not_taken_for_a_prompt(conversation: Conversation, model: OfflineModel) -> None:
    """It would leave messages out long before the context is full."""
    reply = continued(cut_reply(conversation, model))
    Message.objects.filter(pk=reply.pk).update(prompt_tokens=10**6)
    wait_until_saved(send(conversation, "More", token="a").reply)
    assert model.requests[-1].body["messages"][1]["content"] == "Hello"
