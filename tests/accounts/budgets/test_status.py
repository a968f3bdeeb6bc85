"""Which limits hold for whom, what is used of them, and how that is said."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from chatsite.accounts.budgets.file_limits import UserFileLimits
from chatsite.accounts.budgets.status import (
    compute_budget_status,
    compute_effective_limits,
    find_day_start,
)
from chatsite.accounts.models import Limit, UsageDay, User

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def group(name: str) -> Group:
    return Group.objects.get(name=name)


def use(user: User, day: int, *, month: int = 6, tokens: int = 0, usd: str = "0") -> None:
    UsageDay.objects.create(
        user=user, day=date(2026, month, day), prompt_tokens=tokens, cost_usd=Decimal(usd)
    )


# Limits


def test_without_any_nothing_is_limited(alice: User) -> None:
    assert compute_budget_status(alice).budgets == []


def test_the_default_holds_for_everybody(alice: User, ada: User) -> None:
    Limit.objects.create(tokens_per_day=100)
    assert (
        compute_effective_limits(alice).tokens_per_day
        == compute_effective_limits(ada).tokens_per_day
        == 100
    )


def test_a_users_own_holds_for_nobody_else(alice: User, bob: User) -> None:
    Limit.objects.create(user=alice, tokens_per_day=100)
    assert compute_effective_limits(bob).tokens_per_day is None


def test_a_groups_holds_for_its_members(alice: User, bob: User) -> None:
    interns = Group.objects.create(name="interns")
    alice.groups.add(interns)
    Limit.objects.create(group=interns, messages_per_minute=2)
    assert compute_effective_limits(alice).messages_per_minute == 2
    assert compute_effective_limits(bob).messages_per_minute is None


def test_a_role_holds_for_those_who_have_it(rita: User, ada: User, alice: User) -> None:
    Limit.objects.create(group=group("reviewer"), tokens_per_day=100)
    held = [compute_effective_limits(user).tokens_per_day for user in (rita, ada, alice)]
    assert held == [100, None, None]


def test_who_was_given_no_role_is_a_user(alice: User, rita: User) -> None:
    assert not alice.groups.exists()
    Limit.objects.create(group=group("user"), tokens_per_day=100)
    assert compute_effective_limits(alice).tokens_per_day == 100
    assert compute_effective_limits(rita).tokens_per_day is None


def test_another_group_is_no_role(alice: User) -> None:
    alice.groups.add(Group.objects.create(name="interns"))
    Limit.objects.create(group=group("user"), tokens_per_day=100)
    assert compute_effective_limits(alice).tokens_per_day == 100


def test_superusers_are_administrators(db: None) -> None:
    root = User.objects.create_superuser("root", "root@example.com", "correct horse")
    Limit.objects.create(group=group("user"), tokens_per_day=100)
    Limit.objects.create(group=group("administrator"), tokens_per_day=200)
    assert compute_effective_limits(root).tokens_per_day == 200


def test_the_tightest_wins_number_by_number(alice: User) -> None:
    Limit.objects.create(user=alice, tokens_per_day=300, usd_per_month=1)
    Limit.objects.create(group=group("user"), tokens_per_day=200, messages_per_minute=9)
    Limit.objects.create(tokens_per_day=100, usd_per_month=Decimal("0.50"), messages_per_minute=10)
    held = compute_effective_limits(alice)
    assert (held.messages_per_minute, held.tokens_per_day) == (9, 100)
    assert held.usd_per_month == Decimal("0.50")


def test_the_tightest_of_files_wins_and_kinds_are_those_that_all_name(alice: User) -> None:
    Limit.objects.create(user=alice, file_megabytes=5, file_kinds=["image", "pdf"])
    Limit.objects.create(group=group("user"), stored_megabytes=9, file_kinds=["pdf", "text"])
    Limit.objects.create(file_megabytes=7, stored_megabytes=8)
    held = compute_effective_limits(alice).files
    megabyte = 1024**2
    assert held == UserFileLimits(5 * megabyte, 8 * megabyte, frozenset({"pdf"}))


def test_without_any_files_are_not_limited(alice: User) -> None:
    assert compute_effective_limits(alice).files == UserFileLimits(None, None, None)


def test_no_limit_costs_one_query_and_any_two(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        compute_budget_status(alice)
    Limit.objects.create(tokens_per_day=1, usd_per_month=1, messages_per_minute=1)
    with django_assert_num_queries(2):
        compute_budget_status(alice)


def test_messages_a_minute_ask_for_no_usage(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Limit.objects.create(messages_per_minute=1)
    with django_assert_num_queries(1):
        compute_budget_status(alice)


# What is used


def test_tokens_are_those_of_the_users_own_day(alice: User) -> None:
    Limit.objects.create(tokens_per_day=100)
    use(alice, 14, tokens=99)
    alice.time_zone = "Pacific/Honolulu"  # ten hours behind
    moments = [datetime(2026, 6, 15, hour, tzinfo=UTC) for hour in (9, 10)]
    assert [compute_budget_status(alice, now).budgets[0].used for now in moments] == [99, 0]


def test_dollars_are_those_of_the_users_own_month(alice: User) -> None:
    Limit.objects.create(usd_per_month=5)
    use(alice, 31, month=5, usd="3")
    use(alice, 1, usd="1.50")
    use(alice, 15, usd="0.25")
    assert compute_budget_status(alice, NOON).budgets[0].used == Decimal("1.75")


def test_nobody_elses_usage_counts(alice: User, bob: User) -> None:
    Limit.objects.create(tokens_per_day=100)
    use(bob, 15, tokens=100)
    assert compute_budget_status(alice, NOON).budgets[0].used == 0


def test_another_time_zone_gives_one_more_day_once(alice: User) -> None:
    Limit.objects.create(tokens_per_day=100)
    use(alice, 15, tokens=100)
    zones = []
    # It is the 15th in Honolulu, and the 16th on Kiritimati
    for name in ("Pacific/Honolulu", "Pacific/Kiritimati"):
        alice.time_zone = name
        zones.append(bool(compute_budget_status(alice, NOON).used_up))
    use(alice, 16, tokens=100)
    for name in ("Pacific/Kiritimati", "UTC", "Pacific/Honolulu"):
        alice.time_zone = name
        zones.append(bool(compute_budget_status(alice, NOON).used_up))
    assert zones == [True, False, True, True, True]


# In words


@pytest.mark.parametrize(
    ("used", "hint"),
    [
        (39_999, ""),
        (40_500, "About 9,500 of today’s 50,000 tokens are left."),
        (49_958, "About 42 of today’s 50,000 tokens are left."),
        (
            50_000,
            "You have used today’s 50,000 tokens. They are available again tomorrow at 00:00.",
        ),
        (
            61_234,
            "You have used today’s 50,000 tokens. They are available again tomorrow at 00:00.",
        ),
    ],
)
def test_tokens(alice: User, used: int, hint: str) -> None:
    Limit.objects.create(tokens_per_day=50_000)
    use(alice, 15, tokens=used)
    assert compute_budget_status(alice, NOON).budget_hint == hint


@pytest.mark.parametrize(
    ("used", "hint"),
    [
        ("3.99", ""),
        ("4.051", "About $0.94 of this month’s $5.00 is left."),
        ("4.995", "Less than $0.01 of this month’s $5.00 is left."),
        ("5", "You have used this month’s $5.00. They are available again on 1 July at 00:00."),
    ],
)
def test_dollars(alice: User, used: str, hint: str) -> None:
    Limit.objects.create(usd_per_month=5)
    use(alice, 2, usd=used)
    assert compute_budget_status(alice, NOON).budget_hint == hint


def test_the_tighter_of_two_is_told(alice: User) -> None:
    Limit.objects.create(tokens_per_day=100, usd_per_month=5)
    use(alice, 15, tokens=85, usd="4.50")
    assert (
        compute_budget_status(alice, NOON).budget_hint
        == "About $0.50 of this month’s $5.00 is left."
    )


def test_a_budget_of_zero_does_not_say_when_there_is_more(alice: User) -> None:
    Limit.objects.create(tokens_per_day=0)
    budget_status = compute_budget_status(alice)
    assert budget_status.used_up
    assert budget_status.budget_hint == "Your budget is zero. Ask your administrator for more."
    assert budget_status.used_up.resets_at is None


def test_who_used_the_next_day_up_too_waits_for_the_one_after(alice: User) -> None:
    Limit.objects.create(tokens_per_day=100)
    use(alice, 16, tokens=100)
    budget = compute_budget_status(alice, NOON).used_up
    assert budget
    assert budget.reset == "on 17 June at 00:00"


@override_settings(TIME_ZONE="Asia/Tokyo")
def test_whose_zone_is_unknown_has_the_sites(alice: User) -> None:
    Limit.objects.create(tokens_per_day=100)
    use(alice, 16, tokens=100)
    budget = compute_budget_status(alice, datetime(2026, 6, 15, 15, tzinfo=UTC)).used_up
    assert budget
    assert budget.resets_at == datetime(2026, 6, 17, tzinfo=ZoneInfo("Asia/Tokyo"))


def test_a_day_without_midnight_begins_at_its_first_moment() -> None:
    moment = find_day_start(date(2026, 9, 6), ZoneInfo("America/Santiago"))
    assert moment.hour == 1
    assert moment.astimezone(UTC) == datetime(2026, 9, 6, 4, tzinfo=UTC)
