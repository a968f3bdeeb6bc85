"""The page of stats, for a range, broken down, and as files."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatsite.accounts.models import User
from conversations.models import Assistant
from conversations.review.models import AccessEntry, SiteDay, UserDay
from conversations.review.stats import latency, ranges, reports
from conversations.review.stats.ranges import By, Narrowing, Range, Sort
from tests.conftest import signed_in
from tests.factories import make_assistant, make_conversation
from tests.review.stats.pages import PAGE, rows, tiles
from tests.views.html import parse

MANY = 15


def add_day(user: User | None, day: date, model: str = "test-model", **numbers: Any) -> None:
    """To both tables; what a day has of several users is added up."""
    seconds = numbers.pop("seconds", [])
    times: dict[str, int] = {}
    for each in seconds:
        times[latency.find_bucket(each)] = times.get(latency.find_bucket(each), 0) + 1
    UserDay.objects.create(user=user, day=day, model=model, first_token=times, **numbers)
    site, _made = SiteDay.objects.get_or_create(day=day, model=model)
    for name, number in numbers.items():
        setattr(site, name, getattr(site, name) + number)
    for bucket, count in times.items():
        site.first_token[bucket] = site.first_token.get(bucket, 0) + count
    site.save()


@pytest.fixture
def today(db: None) -> date:
    return ranges.get_today()


@pytest.fixture
def stats(alice: User, bob: User, today: date) -> date:
    """Of alice and bob today and yesterday, and of alice forty days ago."""
    add_day(alice, today, messages=10, replies=10, failed=1, cost_usd=Decimal("0.5"), seconds=[1])
    add_day(bob, today, messages=5, replies=5, thumbs_up=3, thumbs_down=1, seconds=[3, 3])
    add_day(bob, today - timedelta(1), "other-model", messages=5, replies=5, prompt_tokens=90)
    add_day(alice, today - timedelta(40), messages=16, replies=16)
    return today


def test_totals_are_compared_with_the_range_before(rita_client: Client, stats: date) -> None:
    shown = tiles(rita_client)
    assert shown["Messages"] == "20 +25 %"
    assert shown["Active users"] == "2 +100 %"
    assert shown["Failed"] == "5.0 % 1 of 20 replies"
    assert shown["Good feedback"] == "75 % 3 of 4 ratings"


def test_each_day_has_a_row_also_one_without_messages(rita_client: Client, stats: date) -> None:
    days = rows(rita_client, "days", "?days=7")
    assert [row["day"] for row in days][-1] == stats.isoformat()
    assert [row["messages"] for row in days] == ["0"] * 5 + ["5", "15"]
    assert [row["active_users"] for row in days] == ["0"] * 5 + ["1", "2"]
    assert (days[-1]["error_rate"], days[0]["error_rate"]) == ("0.0667", "")


def test_a_chosen_range_has_its_days_alone(rita_client: Client, stats: date) -> None:
    day = stats - timedelta(40)
    days = rows(rita_client, "days", f"?days=custom&begin={day}&end={day}")
    assert [(row["day"], row["messages"]) for row in days] == [(day.isoformat(), "16")]


def test_by_model(rita_client: Client, stats: date) -> None:
    lines = rows(rita_client, "breakdown", "?by=model&sort=tokens")
    assert [(row["model"], row["messages"], row["active_users"]) for row in lines] == [
        ("other-model", "5", "1"),
        ("test-model", "15", "2"),
    ]


def test_by_group_as_members_are_now(
    rita_client: Client, stats: date, alice: User, bob: User
) -> None:
    sales = Group.objects.create(name="Sales")
    Group.objects.create(name="Nobody")
    alice.groups.add(sales, Group.objects.get(name="user"))
    bob.groups.add(sales)
    [line] = rows(rita_client, "breakdown", "?by=group")
    assert (line["group"], line["messages"], line["active_users"]) == ("Sales", "20", "2")
    assert float(line["first_token_p50_seconds"]) == pytest.approx(3, rel=0.025)


def test_by_user_each_has_a_pseudonym(
    rita_client: Client, stats: date, alice: User, bob: User
) -> None:
    add_day(None, stats, "gone", messages=1)
    lines = rows(rita_client, "breakdown", "?by=user")
    users = [f"User {alice.pseudonym}", f"User {bob.pseudonym}"]
    assert sorted(row["user"] for row in lines[:2]) == sorted(users)
    assert lines[2]["user"] == "Erased users"
    assert "active_users" not in lines[0]


def test_by_assistant_those_of_users_are_one_line(
    rita_client: Client, stats: date, alice: User, bob: User
) -> None:
    shared, own, other = (make_assistant(alice, name) for name in ("Fox", "Bear", "Owl"))
    Assistant.objects.filter(pk=shared.pk).update(is_for_all=True)
    for made, texts in ((shared, 4), (own, 2), (other, 2)):
        conversation = make_conversation(bob, *["Hello"] * texts)
        conversation.assistant, conversation.assistant_version = made, made.latest
        conversation.save()
    conversation.messages.filter(role="assistant").update(status="failed", cost_usd="0.5")
    make_conversation(bob, "Hello")
    lines = rows(rita_client, "breakdown", "?by=assistant")
    names = ("assistant", "messages", "active_users", "error_rate")
    assert [[row[name] for name in names] for row in lines] == [
        ["Users’ own assistants", "2", "1", "0.5"],
        ["Fox · 1", "2", "1", "0.0"],
    ]
    assert [float(row["cost_usd"]) for row in lines] == [0.5, 0]
    page = rita_client.get(f"{PAGE}?by=assistant").content.decode()
    assert "Bear" not in page
    assert "Fox · 1" in page


def test_users_with_as_many_are_in_the_order_of_pseudonyms(today: date) -> None:
    names = ["zoe", "adam", "mia", "carl", "bea"]
    users = [User.objects.create_user(name, f"{name}@example.com") for name in names]
    for user in users:
        add_day(user, today, user.username, messages=1)
    found = reports.break_down(Range(today, today), By.USER, Sort.MESSAGES)
    assert [line.key for line in found] == sorted(user.pseudonym for user in users)


@pytest.mark.parametrize("query", ["?by=user", "?by=group", "?by=model"])
def test_no_name_is_seen_by_who_may_not(
    rita_client: Client, stats: date, alice: User, query: str
) -> None:
    alice.groups.add(Group.objects.create(name="Sales"))
    page = rita_client.get(PAGE + query).content.decode()
    file = rita_client.get(f"{PAGE}csv/breakdown/{query}").content.decode()
    for text in (page, file):
        assert not {name for name in ("alice", "bob", "example.com") if name in text}


def test_who_sees_identities_sees_names(ada_client: Client, stats: date) -> None:
    names = [row["user"] for row in rows(ada_client, "breakdown", "?by=user")]
    assert sorted(names) == ["alice", "bob"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?days=custom", "Choose the first and the last day."),
        ("?days=custom&begin=2026-03-02&end=2026-03-01", "Swap them."),
        ("?days=custom&begin=2021-01-01&end=2023-01-02", "Choose two years at most."),
        ("?days=custom&begin=0001-01-01&end=0001-01-02", "between the years 1900 and 2999."),
        ("?days=custom&begin=2026-03-01&end=9999-12-31", "between the years 1900 and 2999."),
        ("?days=custom&begin=2026-02-30&end=%00", "Enter a day as year-month-day"),
        ("?days=99999999999", "99999999999 is not one of the available choices."),
        ("?version=1", "Choose the assistant that the version is of."),
        ("?assistant=1", "1 is not one of the available choices."),
        ("?by=owner__username", "owner__username is not one of the available choices."),
    ],
)
def test_a_range_that_makes_no_sense_gets_a_sentence(
    rita_client: Client, stats: date, query: str, sentence: str
) -> None:
    response = rita_client.get(PAGE + query)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert rita_client.get(f"{PAGE}csv/days/{query}").status_code == 404
    assert not AccessEntry.objects.exists()


def test_two_years_can_be_chosen(rita_client: Client, stats: date) -> None:
    begin = stats - timedelta(days=730)
    days = rows(rita_client, "days", f"?days=custom&begin={begin}&end={stats}")
    assert (len(days), days[690]["messages"]) == (731, "16")


def test_without_stats_the_page_says_when_there_will_be(rita_client: Client) -> None:
    page = rita_client.get(PAGE).content.decode()
    assert "Nobody chatted from" in page
    assert "<canvas" not in page


def test_a_chart_says_its_summary_to_who_can_not_see_it(rita_client: Client, stats: date) -> None:
    canvas = parse(rita_client.get(PAGE)).all("canvas")[0]
    assert canvas["role"] == "img"
    assert "20 in all, at most 15, on" in canvas["aria-label"]


def test_a_file_has_what_its_chart_shows(rita_client: Client, stats: date) -> None:
    [first, *_others] = rows(rita_client, "tokens", "?days=7")
    assert list(first) == ["day", "prompt_tokens", "completion_tokens"]


def test_taking_a_file_is_logged(rita_client: Client, rita: User, stats: date) -> None:
    rows(rita_client, "breakdown", "?by=user&days=7")
    entry = AccessEntry.objects.get()
    assert (entry.kind, entry.actor) == (AccessEntry.Kind.FIGURES, rita.pseudonym)
    assert entry.details == {"what": "breakdown", "by": "user", "days": 7}


def test_there_is_no_other_file(rita_client: Client, stats: date) -> None:
    assert rita_client.get(f"{PAGE}csv/passwords/").status_code == 404


@pytest.mark.parametrize("query", ["?by=user", "?by=group", "?by=model", "?by=assistant"])
def test_a_page_takes_few_queries(
    ada: User, stats: date, query: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(ada)
    client.get("/admin/")  # A session that is new is noted down.
    with django_assert_max_num_queries(MANY):
        client.get(PAGE + query)


# The database finds the rows by an index. PostgreSQL reads small tables whole, unless told not to.


@pytest.fixture
def indexed(stats: date) -> Range:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    return Range.ending_on(stats, 30)


def plans(ask: Callable[[], object], of: str = "review_") -> list[str]:
    """Of every query of stats, or of another table."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        ask()
    prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    found = []
    with connection.cursor() as cursor:
        for sql, params in asked:
            if of in sql:
                cursor.execute(prefix + sql, params)
                found.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
    return found


def reads_whole(plan: str) -> bool:
    scans = ("Seq Scan on review_", "SCAN review_", "SCAN days")
    return any(scan in plan for scan in scans)


@pytest.mark.parametrize("by", [By.MODEL, By.GROUP, By.USER])
def test_days_are_found_by_an_index(indexed: Range, by: By) -> None:
    found = plans(lambda: reports.break_down(indexed, by, Sort.MESSAGES))
    found += plans(lambda: reports.build_report(indexed))
    assert len(found) >= 4
    assert [plan for plan in found if reads_whole(plan)] == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite")
def test_of_assistants_only_conversations_that_have_one_are_read(indexed: Range) -> None:
    only = Narrowing(uuid.uuid4(), 1)
    found = plans(
        lambda: reports.break_down(indexed, By.ASSISTANT, Sort.MESSAGES), of="conversations_message"
    )
    found += plans(lambda: reports.build_report(indexed, only), of="conversations_message")
    assert len(found) == 6
    for plan in found:
        assert "conversation_with_assistant" in plan
        assert "message_of_conversation" in plan
