"""Two replies to one message: how they are made, limited, stopped, and one of them picked."""

from datetime import timedelta
from functools import partial

import pytest
from django.http import Http404
from django.utils import timezone
from pytest_django import Settings

from chatsite.accounts.budgets.services import BudgetExceededError
from chatsite.accounts.models import Limit, RecentMessage, UsageDay, User
from conversations import queries
from conversations.comparisons import services
from conversations.comparisons.variants import Variant, read_carried
from conversations.models import Conversation, Message
from conversations.offline_model import OfflineModel
from conversations.services import deletion, turns
from conversations.services.replies import cancellation
from conversations.services.turn_checks import TurnRefusedError
from conversations.services.turns import Turn
from tests.factories import owner_of
from tests.services.writing import at_once, regenerate, send, wait_until_saved
from tests.waiting import wait_until

VARIANT = Variant(model="another/model", parameters={"temperature": 0.2})


def compare(conversation: Conversation, form: str = "a") -> Turn:
    return turns.create_turn(
        owner=owner_of(conversation),
        conversation_id=conversation.pk,
        text="Which one?",
        token=form,
        variant=VARIANT,
    )


def second_of(turn: Turn) -> Message:
    return turn.message.children.get(slot=services.SECOND)


@pytest.mark.django_db
def test_a_message_that_is_compared_gets_two_replies(conversation: Conversation) -> None:
    turn = compare(conversation)
    first, second = turn.message.children.order_by("pk")
    assert (first.requested_model, first.parameters) == ("test-model", None)
    assert second.requested_model == "another/model"
    assert second.parameters == {"temperature": {"value": 0.2, "from": "reply"}}


@pytest.mark.django_db
def test_the_first_of_two_replies_is_that_of_the_shown_branch(conversation: Conversation) -> None:
    turn = compare(conversation)
    conversation.refresh_from_db()
    assert conversation.leaf == turn.reply
    assert services.find_second_reply(conversation, turn.reply) == second_of(turn)


@pytest.mark.django_db
def test_the_same_form_sent_twice_is_compared_once(conversation: Conversation) -> None:
    first = compare(conversation)
    assert compare(conversation) == first
    assert first.message.children.count() == 2


@pytest.mark.django_db
def test_a_new_chat_can_begin_with_two_replies(alice: User) -> None:
    turn = turns.start_conversation(owner=alice, text="Hello", token="a", variant=VARIANT)
    conversation = Conversation.objects.get()
    assert turn.message.children.count() == 2
    assert services.find_second_reply(conversation, turn.reply) == second_of(turn)


@pytest.mark.django_db
def test_two_replies_count_as_two_messages(conversation: Conversation) -> None:
    compare(conversation)
    assert UsageDay.objects.get().messages == 2


@pytest.mark.django_db
def test_two_replies_count_twice_among_those_at_once(
    conversation: Conversation, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 3
    compare(conversation)
    other = Conversation.objects.create(owner=owner_of(conversation), title="B", model="m")
    with pytest.raises(TurnRefusedError, match="2 of your replies are still being written"):
        compare(other)
    assert send(other, "Only one", token="b").is_new


@pytest.mark.django_db
def test_who_may_have_one_reply_at_a_time_is_told_to_send_it_to_one(
    conversation: Conversation, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 1
    with pytest.raises(TurnRefusedError, match="two can’t be compared"):
        compare(conversation)
    assert not conversation.messages.filter(text="Which one?").exists()


@pytest.mark.django_db
def test_two_replies_count_twice_in_a_minute(
    conversation: Conversation, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 9
    Limit.objects.create(messages_per_minute=3)
    compare(conversation)
    assert RecentMessage.objects.count() == 2
    other = Conversation.objects.create(owner=owner_of(conversation), title="B", model="m")
    with pytest.raises(BudgetExceededError, match="A message to one model can be sent now"):
        compare(other)


@pytest.mark.django_db
def test_room_for_two_in_a_minute_is_there_when_enough_are_a_minute_ago(
    conversation: Conversation,
) -> None:
    Limit.objects.create(messages_per_minute=2)
    user, now = owner_of(conversation), timezone.now()
    for seconds in (50, 20):
        RecentMessage.objects.create(user=user, sent_at=now - timedelta(seconds=seconds))
    with pytest.raises(BudgetExceededError, match=r"in (39|40) seconds"):
        compare(conversation)


@pytest.mark.django_db
def test_a_limit_of_one_a_minute_says_that_two_are_too_many(conversation: Conversation) -> None:
    Limit.objects.create(messages_per_minute=1)
    with pytest.raises(BudgetExceededError, match="Ask for one"):
        compare(conversation)


@pytest.mark.django_db
def test_what_is_sent_without_a_pick_keeps_the_first(
    conversation: Conversation,
) -> None:
    turn = compare(conversation)
    turn.message.children.update(status=Message.Status.COMPLETE)
    later = send(conversation, "Go on", token="b")
    conversation.refresh_from_db()
    assert later.message.parent == turn.reply
    assert conversation.compared is None


@pytest.mark.django_db
def test_the_one_that_is_picked_is_gone_on_with(conversation: Conversation) -> None:
    turn = compare(conversation)
    turn.message.children.update(status=Message.Status.COMPLETE)
    second = second_of(turn)
    services.pick_reply(
        owner=owner_of(conversation), conversation_id=conversation.pk, message_id=second.pk
    )
    conversation.refresh_from_db()
    assert (conversation.leaf, conversation.compared) == (second, None)
    assert send(conversation, "Go on", token="b").message.parent == second


@pytest.mark.django_db
def test_another_version_ends_the_comparison(conversation: Conversation) -> None:
    turn = compare(conversation)
    turn.message.children.update(status=Message.Status.FAILED)
    regenerate(second_of(turn))
    conversation.refresh_from_db()
    assert conversation.compared is None


@pytest.mark.django_db
def test_nobody_picks_in_a_conversation_of_somebody_else(
    conversation: Conversation, bob: User
) -> None:
    turn = compare(conversation)
    with pytest.raises(Http404):
        services.pick_reply(owner=bob, conversation_id=conversation.pk, message_id=turn.reply.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("gate")
def test_stop_ends_both(conversation: Conversation) -> None:
    turn = compare(conversation)
    running = queries.list_running_replies(conversation)
    assert len(running) == 2
    cancellation.stop_replies(running)
    statuses = [wait_until_saved(each).status for each in (turn.reply, second_of(turn))]
    assert statuses == ["stopped", "stopped"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("gate")
def test_picking_one_stops_the_other(conversation: Conversation) -> None:
    turn = compare(conversation)
    services.pick_reply(
        owner=owner_of(conversation), conversation_id=conversation.pk, message_id=turn.reply.pk
    )
    assert wait_until_saved(second_of(turn)).status == "stopped"
    assert [each.pk for each in queries.list_running_replies(conversation)] == [turn.reply.pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("gate")
def test_two_tabs_that_pick_different_ones_at_once_leave_one_that_is_written(
    conversation: Conversation,
) -> None:
    turn = compare(conversation)
    picks = [
        partial(
            services.pick_reply,
            owner=owner_of(conversation),
            conversation_id=conversation.pk,
            message_id=reply.pk,
        )
        for reply in (turn.reply, second_of(turn))
    ]
    assert all(isinstance(result, Conversation) for result in at_once(*picks))
    wait_until(
        lambda: len(queries.list_running_replies(conversation)) < 2, "the end of one", timeout=10
    )
    assert len(queries.list_running_replies(conversation)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("gate")
def test_two_tabs_that_compare_at_once_start_two_replies(conversation: Conversation) -> None:
    results = at_once(*[partial(compare, conversation, f"form {tab}") for tab in range(4)])
    assert sum(isinstance(result, Turn) for result in results) == 1
    assert Message.objects.filter(status__in=Message.RUNNING).count() == 2


@pytest.mark.django_db(transaction=True)
def test_each_is_asked_for_with_what_it_is_made_with(
    conversation: Conversation, model: OfflineModel
) -> None:
    turn = compare(conversation)
    for each in (turn.reply, second_of(turn)):
        assert wait_until_saved(each).status == "complete"
    bodies = [request.body for request in model.requests]
    asked = {body["model"]: body.get("temperature") for body in bodies}
    assert asked == {"test-model": None, "another/model": 0.2}
    assert bodies[0]["messages"] == bodies[1]["messages"]


@pytest.mark.django_db
def test_the_one_that_is_deleted_is_compared_no_more(conversation: Conversation) -> None:
    turn = compare(conversation)
    turn.message.children.update(status=Message.Status.COMPLETE)
    deletion.delete_from_message(
        owner=owner_of(conversation),
        conversation_id=conversation.pk,
        message_id=second_of(turn).pk,
    )
    conversation.refresh_from_db()
    assert (conversation.leaf, conversation.compared) == (turn.reply, None)


@pytest.mark.django_db
def test_what_a_composer_carries_is_read_as_it_was(alice: User) -> None:
    assert read_carried(alice, VARIANT.to_carried()) == VARIANT
