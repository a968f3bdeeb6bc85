"""The database finds a page of the queue by an index, whatever is asked for."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review import queries as selectors
from conversations.review.filters.choices import Choices
from conversations.review.filters.filters import Filters
from conversations.review.filters.orders import ORDERS
from conversations.review.identities import Identities
from conversations.review.models import Flag, Hold, Label, Labelling, Review, Rule, Verdict
from conversations.review.queue.pages import SIZE
from tests.review.queue.rows import add_varied, analyze

# PostgreSQL's and SQLite's words for reading every row; the latter also for reading an index whole.
SCANS = re.compile(r"(?m)Seq Scan on (review_review|conversations_)|SCAN (review|conv)\w+$")
# Where tables are small PostgreSQL rightly reads them whole.
MANY = 24_000 if connection.vendor == "postgresql" else 3_000


@pytest.fixture
def everything(alice: User, bob: User, rita: User) -> list[dict[str, str]]:
    """A site with many conversations, and each filter that it can be asked for."""
    rule, label = Rule.objects.create(name="Words"), Label.objects.create(name="Billing")
    verdict = Verdict.objects.all()[0]
    others = [User.objects.create_user(f"user{number}") for number in range(20)]
    add_varied([alice, bob, *others], MANY)
    waiting = Review.objects.filter(state="waiting")
    waiting.update(assignee=rita)
    Review.objects.filter(state="reviewed").update(verdict=verdict)
    some = list(waiting.values_list("pk", flat=True)[:40])
    Flag.objects.bulk_create(Flag(conversation_id=pk, rule=rule) for pk in some[:20])
    Flag.objects.bulk_create(Flag(conversation_id=pk) for pk in some[20:])
    Labelling.objects.bulk_create(Labelling(conversation_id=pk, label=label) for pk in some[:9])
    Hold.objects.bulk_create(Hold(conversation_id=pk, reason="A claim") for pk in some[:9])
    Conversation.objects.filter(pk__in=some[:4]).update(owner=None)
    analyze()
    return [
        {},
        *({"sort": name} for name in ORDERS),
        *({"state": state} for state in Review.State.values),
        *({"feedback": value} for value in ("bad", "good", "none")),
        *({"assignee": value} for value in ("me", "nobody", "rita")),
        *({"flag": value} for value in ("any", "hand", str(rule.pk))),
        {"user": alice.pseudonym},
        {"verdict": str(verdict.pk)},
        {"label": str(label.pk)},
        {"since": "2026-01-01"},
        {"until": "2999-01-01"},
        {"messages": "200"},
        {"tokens": "50000"},
        {"cost": "0.9"},
        {"model": "other-model"},
        {"failed": "1"},
        {"stopped": "1"},
        *({"hold": value} for value in ("held", "deleted")),
    ]


def scanning(reader: User, everything: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """What is asked for in vain of an index, and how it is read then."""
    choices = Choices()
    for data in everything:
        filters = Filters.read(data, Identities(reader), choices)
        reviews = selectors.reviews_for(reader).select_related("conversation")
        plan = filters.apply(reviews)[: SIZE + 1].explain()
        if SCANS.search(plan):
            yield filters.query, plan


def test_every_filter_and_order_has_an_index(
    rita: User, ada: User, everything: list[dict[str, str]]
) -> None:
    theirs = [data for data in everything if "hold" not in data]
    assert [*scanning(ada, everything), *scanning(rita, theirs)] == []
    assert not SCANS.search(Review.objects.all()[:SIZE].explain())
    for order in ORDERS.values():
        middle = order.sort(Review.objects.all())[MANY // 2]
        plan = order.after(Review.objects.all(), order.values_of(middle))[: SIZE + 1].explain()
        assert re.search(r"Index Cond|SEARCH review_review USING INDEX", plan), order
