"""The page to search in messages."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.audit.services import hash_terms
from conversations.review.models import AccessEntry
from conversations.review.search.results import SIZE
from tests.factories import make_conversation
from tests.search.searching import say
from tests.views.html import Page, parse

URL = "/admin/review/review/search/"


def search(client: Client, query: str, **filters: str) -> Page:
    response = client.get(URL, {"q": query} | filters)
    assert response.status_code == 200
    return parse(response)


def excerpts(page: Page) -> list[str]:
    return [each.text for each in page.elements if each.attributes.get("class") == "search-excerpt"]


def test_a_find_shows_where_it_is(rita_client: Client, alice: User) -> None:
    conversation = say(alice, "Where is the needle?", "In the haystack.", title="On needles")
    page = search(rita_client, "NEEDLE")
    assert excerpts(page) == ["Where is the needle?"]
    assert page.one("mark").text == "needle"
    assert "On needles" in page.text
    message = conversation.messages.get(role="user")
    link = page.one(
        "a",
        href=f"/admin/review/review/{conversation.pk}/change/?message={message.pk}#m{message.pk}",
    )
    assert link.text == "On needles"


def test_a_reviewer_sees_a_pseudonym(rita_client: Client, alice: User) -> None:
    say(alice, "A needle")
    page = search(rita_client, "needle")
    assert f"User {alice.pseudonym}" in page.text
    assert "alice" not in page.text


def test_an_administrator_sees_the_name(ada_client: Client, alice: User) -> None:
    say(alice, "A needle")
    assert "alice" in search(ada_client, "needle").text


def test_a_search_is_noted_down(rita_client: Client, rita: User, alice: User) -> None:
    say(alice, "A needle")
    search(rita_client, "Needle", user=alice.pseudonym)
    entry = AccessEntry.objects.get()
    assert (entry.kind, entry.actor, entry.subject) == ("search", rita.pseudonym, alice.pseudonym)
    assert entry.terms == hash_terms("needle")
    assert entry.details == {"found": 1, "more": False}


def test_without_a_word_nothing_is_searched(rita_client: Client, alice: User) -> None:
    say(alice, "A needle")
    assert "Find what was said" in search_page(rita_client).text
    for query in ("", "   ", '""'):
        assert "Type a word, a part of one" in search(rita_client, query).text
    assert not AccessEntry.objects.exists()


def search_page(client: Client) -> Page:
    return parse(client.get(URL))


def test_nothing_found_says_what_to_try(rita_client: Client) -> None:
    assert "Try fewer of them" in search(rita_client, "needle").text


def test_older_finds_are_on_the_next_page(rita_client: Client, alice: User) -> None:
    say(alice, *[f"needle {number:02}" for number in range(SIZE + 2)])
    first = search(rita_client, "needle")
    assert excerpts(first)[0] == f"needle {SIZE + 1}"
    assert len(excerpts(first)) == SIZE
    second = parse(rita_client.get(URL + first.one("a", rel="next")["href"]))
    assert excerpts(second) == ["needle 01", "needle 00"]
    assert "Newest" in second.text
    assert not second.all("a", rel="next")


@pytest.mark.parametrize("query", ["needle", "eedl", "ne", "針"])
def test_finds_are_filtered(rita_client: Client, alice: User, bob: User, query: str) -> None:
    say(alice, "needle 針 of alice", "needle 針 of a model")
    theirs = make_conversation(bob, "needle 針 of bob")
    theirs.messages.update(created_at=datetime(2025, 5, 5, 12, tzinfo=UTC))
    worker.process_outbox()

    def said(**filters: str) -> list[str]:
        return [text[9:] for text in excerpts(search(rita_client, query, **filters))]

    assert said() == ["of bob", "of a model", "of alice"]
    assert said(user=alice.pseudonym) == ["of a model", "of alice"]
    assert said(role="user") == ["of bob", "of alice"]
    assert said(since="2025-05-06") == ["of a model", "of alice"]
    assert said(since="2025-05-05", until="2025-05-05") == ["of bob"]
    assert said(until="2025-05-04") == []


def test_a_name_finds_a_user_for_those_who_may_see_names(ada_client: Client, alice: User) -> None:
    say(alice, "A needle")
    assert excerpts(search(ada_client, "needle", user="Alice")) == ["A needle"]


def test_what_its_owner_deleted_under_hold_is_for_those_who_see_holds(
    rita_client: Client, ada_client: Client, alice: User
) -> None:
    conversation = say(alice, "A needle")
    Conversation.objects.filter(pk=conversation.pk).update(owner=None, is_held=True)
    assert excerpts(search(rita_client, "needle")) == []
    page = search(ada_client, "needle")
    assert excerpts(page) == ["A needle"]
    assert "alice" in page.text


@pytest.mark.parametrize(
    "query", ["q=a&before=x", "q=a&before=-1", "q=a&before=²", f"q=a&before={10**19}"]
)
def test_a_page_that_is_none_is_not_found(rita_client: Client, query: str) -> None:
    assert rita_client.get(f"{URL}?{query}").status_code == 404


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (f"q={'a' * 501}", "Search for at most 500 characters."),
        ("q=a%00", "Null characters are not allowed."),
        ("q=a&role=model", "Select a valid choice."),
        ("q=a&since=yesterday", "Enter a day as year-month-day"),
        ("q=a&until=99999-01-01", "Enter a day as year-month-day"),
        ("q=a&user=%00", "Null characters are not allowed."),
    ],
)
def test_bad_input_is_told_of(rita_client: Client, query: str, sentence: str) -> None:
    assert sentence in parse(rita_client.get(f"{URL}?{query}")).text
    assert not AccessEntry.objects.exists()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_are_days(ada_client: Client, alice: User, day: str) -> None:
    User.objects.filter(username="ada").update(time_zone="Pacific/Auckland")
    search(ada_client, "needle", since=day, until=day)


def test_a_page_takes_few_queries(
    ada_client: Client,
    alice: User,
    bob: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for owner in (alice, bob) * 5:
        say(owner, "needle", "needle")
    search_page(ada_client)
    with django_assert_max_num_queries(15):
        search(ada_client, "needle ed", user=alice.pseudonym)
