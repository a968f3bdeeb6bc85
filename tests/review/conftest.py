"""Who and what the tests of judging share: rhea reviews, too."""

import pytest
from django.test import Client

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.redis import local_copies
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import Review, Verdict
from tests.conftest import signed_in, with_role
from tests.review.queue.rows import add_reviews


@pytest.fixture
def review(conversation: Conversation) -> Review:
    worker.process_outbox()
    return Review.objects.get()


@pytest.fixture
def odd(db: None) -> Verdict:
    return Verdict.objects.create(name="Odd", description="When it is.")


@pytest.fixture
def rhea(db: None) -> User:
    return with_role("rhea", Role.REVIEWER)


@pytest.fixture
def rhea_client(rhea: User) -> Client:
    return signed_in(rhea)


@pytest.fixture(autouse=True)
def policy_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a test that takes long the policy would be read again, which counts as a query."""
    monkeypatch.setattr(local_copies, "KEPT", None)


@pytest.fixture
def reviews(alice: User, bob: User) -> list[Review]:
    """Seven conversations, of which many are alike in what they are sorted by."""
    made = add_reviews(alice, [{"tokens": 5}, {"tokens": 5}, {"cost_usd": "0.12345678"}, {}, {}])
    return made + add_reviews(bob, [{"tokens": 5}, {"cost_usd": "0.1"}])
