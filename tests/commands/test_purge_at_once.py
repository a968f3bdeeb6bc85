"""Two processes that purge at the same moment, as cron on two machines would have it."""

import re

import pytest

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import Review
from tests.factories import make_conversation
from tests.processes import at_once
from tests.review.retention.rules import aged, rule

pytestmark = pytest.mark.django_db(transaction=True)

PURGE = """
from django.core.management import call_command
wait()
call_command("purge", "--batch=1")
"""


def test_each_conversation_goes_once_and_both_end_well(alice: User, bob: User) -> None:
    rule(1)
    for owner in (alice, bob):
        for _ in range(15):
            aged(owner, 10)
    kept = make_conversation(alice, "Hello")
    worker.process_outbox()
    said = at_once(PURGE, [], [])
    deleted = [re.match(r"Deleted (\d+) conversations? in ", each) for each in said]
    assert sum(int(each[1]) for each in deleted if each) == 30
    assert Conversation.objects.get() == kept
    assert Review.objects.get().pk == kept.pk
