"""Pages of the queue, and what is before and after a conversation in it."""

import uuid

import pytest
from django.db import connection
from django.test import Client

from chatsite.accounts.models import User
from chatsite.core.pagination import Page
from conversations.review.filters.filters import Filters
from conversations.review.filters.orders import ORDERS
from conversations.review.identities import Identities
from conversations.review.models import Review
from conversations.review.queue import page_context, pages
from tests.review.queue.rows import add_review, add_reviews
from tests.views.html import parse

URL = "/admin/review/review/"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_context, "SIZE", 3)


def read(reader: User, **data: str) -> Filters:
    return Filters.read(data, Identities(reader))


def page_of(filters: Filters, **cursors: str) -> Page[Review]:
    page, problems = page_context.read_queue_page(Review.objects.all(), filters, cursors)
    assert problems == []
    return page


def walked(filters: Filters, *, backwards: bool) -> list[list[uuid.UUID]]:
    """All pages; backwards, from the last to the first, which is how they are told."""
    found, page = [], page_of(filters)
    while page.next:
        found.append(page)
        page = page_of(filters, after=page.next)
    found.append(page)
    if backwards:
        found = [page]
        while page.previous:
            page = page_of(filters, before=page.previous)
            found.insert(0, page)
    return [[review.pk for review in each.rows] for each in found]


@pytest.mark.usefixtures("few", "reviews")
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("sort", ORDERS)
def test_pages_hold_each_conversation_once_in_order(rita: User, sort: str, backwards: bool) -> None:
    filters = read(rita, sort=sort)
    everything = list(filters.apply(Review.objects.all()).values_list("pk", flat=True))
    found = walked(filters, backwards=backwards)
    assert [pk for page in found for pk in page] == everything
    assert sorted(map(len, found)) == [1, 3, 3]


@pytest.mark.usefixtures("few")
def test_a_page_goes_on_where_the_last_ended_whatever_comes_in_between(
    rita: User, alice: User, reviews: list[Review]
) -> None:
    filters = read(rita)
    first = page_of(filters)
    add_review(alice, title="New")
    first.rows[2].delete()
    assert first.next
    second = page_of(filters, after=first.next)
    expected = list(filters.apply(Review.objects.all()))[3:6]
    assert list(second.rows) == expected


def test_users_are_sorted_by_pseudonym_for_everybody(ada: User, alice: User, bob: User) -> None:
    add_review(alice)
    add_review(bob)
    found = read(ada, sort="user").apply(Review.objects.all())
    assert [review.person for review in found] == sorted([alice.pseudonym, bob.pseudonym])


@pytest.mark.usefixtures("few")
def test_a_page_leads_to_those_around_it_with_its_filters(rita_client: Client, alice: User) -> None:
    add_reviews(alice, [{"state": "waiting"} for _ in range(7)])
    page = parse(rita_client.get(f"{URL}?state=waiting"))
    second = parse(rita_client.get(page.one("a", rel="next")["href"]))
    assert [link.text for link in second.all("a", dir="auto")] == ["Talk 3", "Talk 4", "Talk 5"]
    first = parse(rita_client.get(second.one("a", rel="prev")["href"]))
    assert [link.text for link in first.all("a", dir="auto")] == ["Talk 0", "Talk 1", "Talk 2"]
    assert not first.all("a", rel="prev")


@pytest.mark.parametrize(
    "cursor",
    ["x", "_", "2026-01-01_x", "0001-01-01T00:00:00+14:00_" + "0" * 32, "1" * 400, "\0"],
)
def test_a_place_that_is_none_gives_the_first_page(
    rita_client: Client, alice: User, cursor: str
) -> None:
    add_review(alice)
    for sort in ORDERS:
        page = parse(rita_client.get(URL, {"sort": sort, "after": cursor}, follow=True))
        assert "so this is the first one" in page.text
        assert "Greetings" in page.text


def test_few_are_counted_one_by_one(rita: User, alice: User) -> None:
    assert pages.describe_count(Review.objects.all()) == "0 conversations"
    add_review(alice)
    assert pages.describe_count(Review.objects.all()) == "1 conversation"


def test_many_are_not_counted(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    add_reviews(alice, [{} for _ in range(120)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE review_review")
    monkeypatch.setattr(pages, "BOUND", 50)
    estimates = connection.vendor == "postgresql"
    expected = "about 120 conversations" if estimates else "more than 50 conversations"
    assert pages.describe_count(Review.objects.all()) == expected


@pytest.mark.parametrize(("number", "told"), [(1_001, 1_000), (48_213, 48_000), (999_999, 10**6)])
def test_an_estimate_is_told_to_two_digits(number: int, told: int) -> None:
    assert pages.round_to_two_digits(number) == told
