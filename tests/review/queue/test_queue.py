"""The queue as reviewers and administrators see it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import AccessEntry, Label, Review, Rule, SavedFilter, Verdict
from tests.review.queue.rows import add_review, add_reviews
from tests.views.html import Page, parse

URL = "/admin/review/review/"
# The session, the user, their permissions; five lists to choose from, the saved filters; the rows
# and their number.
QUERIES = 14


def shown(client: Client, query: str = "") -> Page:
    return parse(client.get(f"{URL}?{query}", follow=True))


def titles(page: Page) -> list[str]:
    return [link.text for link in page.all("a", dir="auto")]


def test_a_conversation_is_listed_with_its_figures(
    rita_client: Client, conversation: Conversation, alice: User
) -> None:
    worker.process_outbox()
    row = shown(rita_client).all("tr")[-1].text
    for words in ("Greetings", f"User {alice.pseudonym}", "test-model", "2", "Not reviewed"):
        assert words in row


def test_one_message_is_called_one_message(rita_client: Client, alice: User) -> None:
    add_review(alice, message_count=1, tokens=1)
    row = shown(rita_client).all("tr")[-1].text
    assert "1 message" in row
    assert "1 messages" not in row
    assert "1 tokens" not in row


def test_the_latest_comes_first(rita_client: Client, alice: User) -> None:
    add_reviews(alice, [{}, {}, {}])
    assert titles(shown(rita_client)) == ["Talk 0", "Talk 1", "Talk 2"]


def test_a_title_leads_to_the_transcript_and_keeps_the_filters(
    rita_client: Client, alice: User
) -> None:
    review = add_review(alice, state="waiting")
    page = shown(rita_client, "state=waiting&sort=-cost")
    change = f"{URL}{review.pk}/change/?state=waiting&sort=-cost"
    assert page.all("a", href=change)


def test_a_user_leads_to_their_conversations(rita_client: Client, alice: User) -> None:
    add_review(alice)
    assert shown(rita_client).all("a", href=f"{URL}?user={alice.pseudonym}")


def test_reviewers_see_no_name_of_a_user(rita_client: Client, alice: User) -> None:
    alice.name = "Alice Liddell"
    alice.save()
    add_review(alice)
    content = rita_client.get(f"{URL}?user={alice.pseudonym}").content.decode().lower()
    assert "alice" not in content
    assert "liddell" not in content


def test_administrators_see_names(ada_client: Client, alice: User) -> None:
    add_review(alice)
    assert shown(ada_client).one("a", href=f"{URL}?user={alice.pseudonym}").text == "alice"


def test_an_assignee_is_told_apart_from_users(rita_client: Client, rita: User) -> None:
    """Or her pseudonym would tell which conversations are hers."""
    add_review(rita, assignee=rita, state="waiting")
    page = shown(rita_client, "assignee=rita")
    names = [element.text for element in page.all("td", **{"class": "queue-user"})]
    assert names == [f"User {rita.pseudonym}"]
    offered = page.by_id("filter-assignee"), page.by_id("bulk-action")
    assert not any(rita.pseudonym in each.text for each in offered)
    assert page.all("option", value="assign:rita")


def test_what_its_owner_deleted_is_for_those_who_see_holds(
    rita_client: Client, ada_client: Client, alice: User
) -> None:
    review = add_review(alice)
    Conversation.objects.filter(pk=review.pk).update(owner=None, is_held=True)
    assert titles(shown(rita_client)) == []
    assert titles(shown(ada_client)) == ["Greetings"]


def test_a_title_that_is_searched_for_is_logged(rita_client: Client, rita: User) -> None:
    rita_client.get(f"{URL}?title=kettle")
    entry = AccessEntry.objects.get()
    assert (entry.actor, entry.kind) == (rita.pseudonym, "search")
    assert len(entry.terms) == 64


def test_a_list_without_words_is_no_search(rita_client: Client) -> None:
    rita_client.get(f"{URL}?state=waiting")
    entry = AccessEntry.objects.get()
    assert (entry.kind, entry.terms) == ("list", "")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "No conversations yet."),
        ("state=waiting", "Nothing to review."),
        ("state=waiting&assignee=me", "Nothing for you to review."),
        ("failed=1", "No conversation passes these filters."),
    ],
)
def test_an_empty_list_says_what_will_be_here(rita_client: Client, query: str, words: str) -> None:
    assert words in shown(rita_client, query).text


@pytest.mark.parametrize(
    ("query", "tab"),
    [
        ("", "All"),
        ("state=waiting", "To review"),
        ("state=waiting&assignee=me", "Mine"),
        ("flag=any", "Flagged"),
        ("state=reviewed&cost=1", "Reviewed"),
        ("failed=1", "All"),
    ],
)
def test_the_tab_in_which_one_is_is_marked(rita_client: Client, query: str, tab: str) -> None:
    assert shown(rita_client, query).one("a", aria_current="true").text == tab


def test_each_filter_that_is_on_can_be_taken_off(rita_client: Client, alice: User) -> None:
    query = f"user={alice.pseudonym}&state=waiting&messages=5"
    page = shown(rita_client, query)
    assert page.all("a", href=f"{URL}?user={alice.pseudonym}&state=waiting")
    assert f"User: User {alice.pseudonym}" in page.text


def test_a_column_is_sorted_by_at_a_click_and_turned_at_the_next(
    rita_client: Client, alice: User
) -> None:
    add_review(alice)
    assert shown(rita_client).all("a", href=f"{URL}?sort=-messages")
    page = shown(rita_client, "sort=-messages")
    assert page.one("th", aria_sort="descending").text.strip() == "Messages"
    assert page.all("a", href=f"{URL}?sort=messages")


def test_whoever_may_not_judge_can_choose_nothing(rita_client: Client, alice: User) -> None:
    add_review(alice)
    role = User.objects.get(username="rita").groups.get(name="reviewer")
    role.permissions.remove(*role.permissions.filter(codename="change_review"))
    page = shown(rita_client)
    assert titles(page) == ["Greetings"]
    assert not page.all("input", name="chosen")


@pytest.mark.parametrize("number", [1, 50, 60])
def test_queries(
    rita_client: Client,
    rita: User,
    alice: User,
    number: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    rule, label = Rule.objects.create(name="R"), Label.objects.create(name="L")
    verdict = Verdict.objects.all()[0]
    SavedFilter.objects.create(user=rita, name="Dear", query="sort=-cost")
    add_reviews(alice, [{"verdict": verdict, "assignee": rita, "flag_count": 1}] * number)
    rita_client.get(URL)
    with django_assert_num_queries(QUERIES):
        rita_client.get(URL)
    query = f"user={alice.pseudonym}&label={label.pk}&assignee=rita&flag={rule.pk}"
    with django_assert_num_queries(QUERIES):
        rita_client.get(f"{URL}?{query}")


def test_queries_for_who_sees_names_in_a_long_list(
    ada_client: Client,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    monkeypatch.setattr("conversations.review.queue.pages.BOUND", 3)
    add_reviews(alice, [{}] * 60)
    ada_client.get(URL)
    names, estimating = 1, int(connection.vendor == "postgresql")
    with django_assert_num_queries(QUERIES + names + estimating):
        ada_client.get(URL)
    assert QUERIES + names + estimating <= 16


def test_the_row_that_another_page_changed_is_shown_as_it_is_now(
    rita_client: Client, alice: User
) -> None:
    add_review(alice)
    Review.objects.update(state="reviewed", verdict=Verdict.objects.get(name="Harmful"))
    assert "Harmful" in shown(rita_client).all("tr")[-1].text
