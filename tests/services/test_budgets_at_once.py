"""Limits hold however many messages come at the same moment, from threads and from processes."""

from functools import partial

import pytest
from django.db.models import F, Sum
from django.utils import timezone
from pytest_django import Settings

from chatsite.accounts.budgets.services import BudgetExceededError
from chatsite.accounts.models import Limit, RecentMessage, UsageDay, User
from conversations.models import Conversation, Message
from conversations.offline_model import Gate, OfflineModel
from conversations.services import turns
from conversations.services.replies.channel import get_channel
from conversations.services.turns import Turn
from tests import processes
from tests.services.writing import at_once

pytestmark = pytest.mark.django_db(transaction=True)

SENDS = 20
SCRIPT = """
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from chatsite.accounts.budgets.services import BudgetExceededError
from chatsite.accounts.models import User
from conversations.services import turns
alice = User.objects.get(username="alice")
def start(number):
    try:
        turns.start_conversation(owner=alice, text="Hello", token=f"{sys.argv[1]} {number}")
    except BudgetExceededError:
        pass
    finally:
        connection.close()
with ThreadPoolExecutor(10) as threads:
    wait()
    list(threads.map(start, range(10)))
"""


def send_all(owner: User, name: str) -> list[Turn | Exception]:
    start = partial(turns.start_conversation, owner=owner, text="Hello")
    return at_once(*[partial(start, token=f"{name} {number}") for number in range(SENDS)])


def test_no_more_goes_over_than_the_replies_in_flight(
    alice: User, gate: Gate, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 3
    Limit.objects.create(tokens_per_day=100)
    UsageDay.objects.create(user=alice, day=timezone.localdate(), prompt_tokens=99)
    sent = [result for result in send_all(alice, "first") if isinstance(result, Turn)]
    assert len(sent) == 3
    gate.open()
    assert all(reply.wait_done(10) for reply in get_channel().list_replies())
    assert all(isinstance(result, BudgetExceededError) for result in send_all(alice, "second"))
    taken = Message.objects.aggregate(each=Sum(F("prompt_tokens") + F("completion_tokens")))
    assert UsageDay.objects.get().tokens == 99 + taken["each"]


@pytest.mark.usefixtures("gate")
def test_messages_a_minute_are_exact(alice: User, settings: Settings) -> None:
    settings.MAX_RUNNING_REPLIES = SENDS
    Limit.objects.create(messages_per_minute=5)
    results = send_all(alice, "all")
    assert sum(isinstance(result, Turn) for result in results) == 5
    assert sum(isinstance(result, BudgetExceededError) for result in results) == SENDS - 5
    assert UsageDay.objects.get().messages == RecentMessage.objects.count() == 5


@pytest.mark.usefixtures("gate")
def test_they_are_exact_across_processes(alice: User, model: OfflineModel) -> None:
    Limit.objects.create(messages_per_minute=5)
    processes.at_once(
        SCRIPT,
        ["one"],
        ["another"],
        AIMLAPI_BASE_URL=model.base_url,
        AIMLAPI_API_KEY="key-of-the-tests",
        MAX_RUNNING_REPLIES="100",
    )
    assert Conversation.objects.count() == UsageDay.objects.get().messages == 5
