"""Daily stats say what the raw rows say, whatever happened in which order."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries, Settings

from chatsite.accounts.erasure import services as erasure
from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.outbox import worker
from conversations.outbox.batches import AddedUsage, MessageEnding
from conversations.review.models import SiteDay, UserDay
from conversations.review.stats import services as stats
from conversations.review.stats.counters import StatsCounters
from tests.factories import add_message, make_conversation
from tests.review.stats.history import History, as_numbers, from_raw_rows, with_buckets
from tests.services.writing import at_once


@pytest.fixture
def conversations(alice: User, bob: User) -> list[Conversation]:
    """The last one was deleted while it was held."""
    found = [make_conversation(owner) for owner in (alice, bob, bob)]
    Conversation.objects.filter(pk=found[-1].pk).update(owner=None)
    found[-1].refresh_from_db()
    return found


@pytest.mark.parametrize("seed", range(5))
def test_every_row_agrees_with_the_messages(conversations: list[Conversation], seed: int) -> None:
    History(seed, conversations).happen(120)
    counted = {(r.user_id, r.day, r.model): as_numbers(r) for r in UserDay.objects.all()}
    expected = {key: with_buckets(row) for key, row in from_raw_rows().items()}
    assert {key: row for key, row in counted.items() if row} == expected


@pytest.mark.parametrize("seed", range(5, 8))
def test_the_site_is_the_sum_of_its_users(conversations: list[Conversation], seed: int) -> None:
    History(seed, conversations).happen(120)
    sums: defaultdict[tuple[date, str], StatsCounters] = defaultdict(StatsCounters)
    for row in UserDay.objects.all():
        sums[row.day, row.model] += counters_of(row)
    counted = {(r.day, r.model): as_numbers(r) for r in SiteDay.objects.all()}
    assert counted == {key: as_numbers(counters) for key, counters in sums.items()}


def counters_of(row: UserDay) -> StatsCounters:
    return StatsCounters.from_row(vars(row))


def test_what_is_deleted_stays_counted(conversation: Conversation) -> None:
    worker.process_outbox()
    before = as_numbers(SiteDay.objects.get())
    conversation.delete()
    worker.process_outbox()
    assert as_numbers(SiteDay.objects.get()) == before
    assert as_numbers(UserDay.objects.get()) == before


def test_a_user_who_is_erased_is_counted_among_the_erased(
    conversations: list[Conversation], alice: User, bob: User
) -> None:
    History(9, conversations).happen(150)
    site = {(r.day, r.model): as_numbers(r) for r in SiteDay.objects.all()}
    erasure.erase_user(user=alice)
    erasure.erase_user(user=bob)
    rows = UserDay.objects.all()
    assert {row.user_id for row in rows} == {None}
    assert {(r.day, r.model): as_numbers(r) for r in rows} == site


def test_what_was_read_before_its_owner_was_erased_is_counted(
    conversation: Conversation, alice: User
) -> None:
    batch = worker.read_batch(10)
    assert batch
    endings = batch.list_endings()
    erasure.erase_user(user=alice)
    with transaction.atomic():
        stats.count_messages(endings, used=[])
    row = UserDay.objects.get()
    assert (row.user_id, row.messages, row.replies) == (None, 1, 1)


def test_a_day_is_one_of_the_sites_time_zone(
    conversation: Conversation, settings: Settings
) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    moment = datetime(2026, 3, 1, 20, tzinfo=UTC)
    Message.objects.update(created_at=moment)
    worker.process_outbox()
    assert SiteDay.objects.get().day == date(2026, 3, 2)


@pytest.mark.django_db(transaction=True)
def test_those_who_count_at_once_lose_nothing(alice: User, bob: User) -> None:
    started = datetime(2026, 3, 1, tzinfo=UTC)
    times = {"started_at": started, "first_token_at": started + timedelta(seconds=1)}
    for number in range(40):
        conversation = make_conversation((alice, bob)[number % 2], "Hello")
        add_message(conversation, role="assistant", created_at=started, prompt_tokens=5, **times)
    done = at_once(*[partial(worker.process_outbox, 3)] * 4)
    assert [each for each in done if isinstance(each, Exception)] == []
    total = StatsCounters.sum_up(map(counters_of, UserDay.objects.all()))
    assert (total.messages, total.replies, total.prompt_tokens) == (40, 40, 200)
    assert sum(total.first_token.values()) == 40
    day = SiteDay.objects.get(day=started.date())
    assert (day.replies, list(day.first_token.values())) == (40, [40])


@pytest.mark.parametrize("messages", [2, 200])
def test_a_batch_is_counted_in_four_statements(
    alice: User, bob: User, messages: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for owner in (alice, bob):
        make_conversation(owner, *["Hello"] * messages)
    found = list(Message.objects.select_related("conversation"))
    with django_assert_num_queries(3):
        stats.count_messages(list(map(MessageEnding, found)), used=[])
    Conversation.objects.filter(owner=bob).update(owner=None)
    found = list(Message.objects.select_related("conversation"))
    with django_assert_num_queries(4):
        used = [AddedUsage(each, 1, 1, Decimal(0)) for each in found]
        stats.count_messages(list(map(MessageEnding, found)), used=used)


def test_a_rating_that_nothing_was_counted_of_can_be_taken_back(
    conversation: Conversation,
) -> None:
    assert conversation.leaf
    stats.count_feedback(conversation.leaf, before="down", after="")
    stats.count_feedback(conversation.leaf, before="down", after="up")
    row = SiteDay.objects.get()
    assert (row.thumbs_up, row.thumbs_down) == (1, 0)
