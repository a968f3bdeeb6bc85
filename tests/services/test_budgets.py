"""Limits: checked before the model is called, for sends and for retries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from chatsite.accounts.budgets.services import BudgetExceededError
from chatsite.accounts.models import Limit, RecentMessage, UsageDay, User
from conversations.models import Conversation, Message
from conversations.offline_model import OfflineModel
from conversations.services import conversations, turns
from tests.factories import add_failed_reply
from tests.services.writing import regenerate, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def used_up(alice: User) -> None:
    Limit.objects.create(user=alice, tokens_per_day=50_000)
    UsageDay.objects.create(user=alice, day=timezone.localdate(), prompt_tokens=50_000)


@pytest.fixture
def failed(conversation: Conversation) -> Message:
    return add_failed_reply(conversation)


def start(owner: User, *, form: str = "a form") -> turns.Turn:
    return turns.start_conversation(owner=owner, text="Hello", token=form)


def minute_of(user: User) -> None:
    """Two messages a minute, both sent half a minute ago."""
    Limit.objects.create(messages_per_minute=2)
    ago = timezone.now() - timedelta(seconds=30)
    RecentMessage.objects.bulk_create([RecentMessage(user=user, sent_at=ago)] * 2)


@pytest.mark.usefixtures("used_up")
def test_a_first_message_is_refused_and_nothing_is_saved(alice: User) -> None:
    with pytest.raises(BudgetExceededError) as refused:
        start(alice)
    assert refused.value.sentence == (
        "You have used today’s 50,000 tokens. They are available again tomorrow at 00:00. "
        "Your text is still in the box."
    )
    assert not Conversation.objects.exists()
    assert UsageDay.objects.get().messages == 0


@pytest.mark.usefixtures("used_up")
def test_a_message_is_refused_and_nothing_is_saved(conversation: Conversation) -> None:
    with pytest.raises(BudgetExceededError):
        send(conversation, "And now?", token="a")
    assert conversation.messages.count() == 2


@pytest.mark.usefixtures("used_up")
def test_a_retry_is_refused_and_no_box_is_spoken_of(failed: Message) -> None:
    with pytest.raises(BudgetExceededError) as refused:
        regenerate(failed)
    assert refused.value.sentence.endswith("tomorrow at 00:00.")
    assert failed.conversation.messages.count() == 4


@pytest.mark.usefixtures("used_up")
def test_others_go_on(bob: User) -> None:
    assert start(bob)


def test_a_turn_that_was_made_before_is_no_refusal(alice: User, conversation: Conversation) -> None:
    first, second = start(alice), send(conversation, "And now?", token="a")
    UsageDay.objects.filter(user=alice).update(prompt_tokens=100)
    Limit.objects.create(tokens_per_day=100)
    assert start(alice) == first
    assert send(conversation, "And now?", token="a") == second


def test_a_retry_that_was_made_before_is_no_refusal(failed: Message) -> None:
    reply = regenerate(failed)
    Limit.objects.create(tokens_per_day=0)
    assert regenerate(failed) == reply


def test_the_last_token_lets_one_more_through(alice: User) -> None:
    Limit.objects.create(tokens_per_day=100)
    UsageDay.objects.create(user=alice, day=timezone.localdate(), prompt_tokens=99)
    assert start(alice)


def test_dollars_are_refused_until_the_month_ends(alice: User) -> None:
    Limit.objects.create(usd_per_month=5)
    UsageDay.objects.create(user=alice, day=timezone.localdate(), cost_usd=Decimal(5))
    with pytest.raises(BudgetExceededError, match="You have used this month’s") as refused:
        start(alice)
    assert refused.value.retry_after
    assert refused.value.retry_after <= timedelta(days=31).total_seconds()


def test_a_budget_of_zero_names_no_time(alice: User) -> None:
    Limit.objects.create(messages_per_minute=0)
    with pytest.raises(BudgetExceededError, match="Your budget is zero") as refused:
        start(alice)
    assert refused.value.retry_after is None


# Messages a minute


def test_one_too_many_in_a_minute_is_refused_with_the_seconds(alice: User) -> None:
    minute_of(alice)
    with pytest.raises(BudgetExceededError) as refused:
        start(alice)
    assert refused.value.retry_after in (29, 30)
    assert refused.value.sentence.startswith(
        "The limit of messages a minute is 2. You can send again in "
        f"{refused.value.retry_after} seconds."
    )


def test_a_retry_is_one_of_the_minutes(alice: User, failed: Message) -> None:
    minute_of(alice)
    with pytest.raises(BudgetExceededError, match="messages a minute is 2"):
        regenerate(failed)


def test_messages_dated_ahead_by_a_wrong_clock_are_none_of_the_minutes(alice: User) -> None:
    minute_of(alice)
    RecentMessage.objects.update(sent_at=timezone.now() + timedelta(days=366))
    assert start(alice)
    assert RecentMessage.objects.count() == 1


def test_after_a_minute_there_is_room_and_nothing_is_kept_of_it(alice: User) -> None:
    minute_of(alice)
    RecentMessage.objects.update(sent_at=timezone.now() - timedelta(seconds=61))
    assert start(alice)
    assert RecentMessage.objects.count() == 1


def test_what_others_send_does_not_count(alice: User, bob: User) -> None:
    minute_of(alice)
    assert start(bob)


def test_deleting_the_conversation_gives_no_message_back(alice: User) -> None:
    Limit.objects.create(messages_per_minute=1)
    conversations.delete_conversation(conversation=start(alice).reply.conversation)
    with pytest.raises(BudgetExceededError):
        start(alice, form="another form")


def test_without_such_a_limit_nothing_is_kept(alice: User) -> None:
    Limit.objects.create(tokens_per_day=100, usd_per_month=1)
    start(alice)
    assert not RecentMessage.objects.exists()


def test_a_refused_message_does_not_count(alice: User, conversation: Conversation) -> None:
    Limit.objects.create(messages_per_minute=1, tokens_per_day=1)
    UsageDay.objects.create(user=alice, day=timezone.localdate(), prompt_tokens=1)
    with pytest.raises(BudgetExceededError, match="tokens"):
        send(conversation, "And now?", token="a")
    assert not RecentMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("used_up")
def test_the_model_is_not_asked(alice: User, model: OfflineModel) -> None:
    with pytest.raises(BudgetExceededError):
        start(alice)
    assert not model.requests
