"""Filters, as the URL has them: what passes, and what becomes of what isn't understood."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review.filters.filters import Filters
from conversations.review.filters.orders import ORDERS
from conversations.review.identities import Identities
from conversations.review.models import Flag, Hold, Label, Labelling, Review, Rule, Verdict
from tests.review.queue.rows import add_review
from tests.views.html import parse

URL = "/admin/review/review/"
NAMES = (
    *("user", "title", "state", "verdict", "label", "assignee", "flag", "feedback", "since"),
    *("until", "messages", "tokens", "cost", "model", "failed", "stopped", "hold", "sort"),
    *("assistant", "assistant_version"),
    *("after", "before", "nonsense"),
)
STRANGE = [
    "",
    "x",
    "-1",
    "\0",
    "9" * 40,
    "1e400",
    "nan",
    "0x1",
    "1.5",
    "’; DROP",
    "2026-13-45",
    "٣",
]


def passing(reader: User, **data: str) -> set[str]:
    """The titles of those that pass."""
    filters = Filters.read(data, Identities(reader))
    assert filters.problems == ()
    reviews = filters.apply(Review.objects.all())
    return set(reviews.values_list("conversation__title", flat=True))


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"state": "waiting"}, {"state": "waiting"}),
        ({"feedback": "bad"}, {"thumbs_down": 1}),
        ({"feedback": "good"}, {"thumbs_up": 2}),
        ({"flag": "any"}, {"flag_count": 1}),
        ({"failed": "1"}, {"failed_count": 1}),
        ({"stopped": "1"}, {"stopped_count": 3}),
        ({"messages": "5"}, {"message_count": 5}),
        ({"tokens": "500"}, {"tokens": 501}),
        ({"cost": "0.25"}, {"cost_usd": "0.25"}),
        ({"model": "other-model"}, {"model": "other-model"}),
        ({"since": "2040-01-02"}, {"last_activity_at": datetime(2040, 1, 2, tzinfo=UTC)}),
        ({"until": "2020-01-02"}, {"last_activity_at": datetime(2020, 1, 2, 23, 59, tzinfo=UTC)}),
    ],
    ids=str,
)
def test_a_filter_lets_through_what_it_says(
    rita: User, alice: User, data: dict[str, str], fields: dict[str, Any]
) -> None:
    add_review(alice, title="Other")
    add_review(alice, title="This", **fields)
    assert passing(rita, **data) == {"This"}


def test_without_feedback_means_neither(rita: User, alice: User) -> None:
    add_review(alice, title="Good", thumbs_up=1)
    add_review(alice, title="Bad", thumbs_down=1)
    add_review(alice, title="Neither")
    assert passing(rita, feedback="none") == {"Neither"}


def test_a_day_begins_where_the_reader_is(rita: User, alice: User) -> None:
    add_review(alice, title="This", last_activity_at=datetime(2026, 5, 1, 23, 30, tzinfo=UTC))
    with timezone.override("Asia/Tokyo"):
        assert passing(rita, since="2026-05-02", until="2026-05-02") == {"This"}
    assert passing(rita, since="2026-05-02") == set()


def test_several_filters_must_all_let_it_through(rita: User, alice: User, bob: User) -> None:
    add_review(alice, title="This", state="waiting")
    add_review(alice, title="Other")
    add_review(bob, title="Bob’s", state="waiting")
    assert passing(rita, user=alice.pseudonym, state="waiting") == {"This"}


def test_by_verdict_and_label(rita: User, alice: User) -> None:
    verdict, label = Verdict.objects.all()[1], Label.objects.create(name="Billing")
    judged = add_review(alice, title="Judged", verdict=verdict)
    labelled = add_review(alice, title="Labelled")
    Labelling.objects.create(conversation_id=labelled.pk, label=label)
    assert judged
    assert passing(rita, verdict=str(verdict.pk)) == {"Judged"}
    assert passing(rita, label=str(label.pk)) == {"Labelled"}


def test_by_the_rule_that_flagged_it_or_by_hand(rita: User, alice: User) -> None:
    rule = Rule.objects.create(name="Words")
    by_rule = add_review(alice, title="By rule", flag_count=1)
    by_hand = add_review(alice, title="By hand", flag_count=1)
    Flag.objects.create(conversation_id=by_rule.pk, rule=rule)
    Flag.objects.create(conversation_id=by_hand.pk, reviewer=rita)
    assert passing(rita, flag=str(rule.pk)) == {"By rule"}
    assert passing(rita, flag="hand") == {"By hand"}


def test_by_who_it_is_assigned_to(rita: User, ada: User, alice: User) -> None:
    for title, assignee in (("rita’s", rita), ("ada’s", ada), ("nobody’s", None)):
        add_review(alice, title=title, assignee=assignee)
    assert passing(rita, assignee="me") == passing(ada, assignee="rita") == {"rita’s"}
    assert passing(rita, assignee="nobody") == {"nobody’s"}


def test_holds_are_for_who_may_see_them(rita: User, ada: User, alice: User) -> None:
    held, deleted = add_review(alice, title="Held"), add_review(alice, title="Deleted")
    Hold.objects.create(conversation_id=held.pk, reason="A claim")
    Conversation.objects.filter(pk=deleted.pk).update(owner=None)
    assert passing(ada, hold="held") == {"Held"}
    assert passing(ada, hold="deleted") == {"Deleted"}
    filters = Filters.read({"hold": "held"}, Identities(rita))
    assert filters.query == ""
    assert "no filter “hold”" in filters.problems[0]


def test_a_name_becomes_a_pseudonym_for_who_may_see_names(ada_client: Client, alice: User) -> None:
    response = ada_client.get(f"{URL}?user=Alice&state=&sort=-activity")
    assert response["Location"] == f"{URL}?user={alice.pseudonym}"


def test_a_reviewer_finds_nobody_by_name(rita_client: Client, alice: User) -> None:
    text = parse(rita_client.get(f"{URL}?user=alice&state=waiting")).text
    assert "“alice” is no pseudonym" in text
    assert alice.pseudonym not in text


def test_a_pseudonym_is_understood_in_small_letters(rita: User, alice: User) -> None:
    filters = Filters.read({"user": f" {alice.pseudonym.lower()} "}, Identities(rita))
    assert filters.query == f"user={alice.pseudonym}"


def test_the_query_says_the_same_in_one_way(rita: User) -> None:
    given = {"sort": "-cost", "cost": "0.500", "state": "waiting", "messages": "0", "failed": "on"}
    filters = Filters.read(given, Identities(rita))
    assert filters.query == "state=waiting&cost=0.5&failed=1&sort=-cost"


def test_the_page_is_no_filter(rita: User) -> None:
    filters = Filters.read({"state": "waiting", "after": "x"}, Identities(rita))
    assert (filters.query, filters.problems) == ("state=waiting", ())


def test_what_is_not_understood_is_told_and_the_rest_counts(
    rita_client: Client, alice: User
) -> None:
    add_review(alice, title="This", state="waiting")
    add_review(alice, title="Other")
    text = parse(rita_client.get(f"{URL}?state=waiting&messages=many")).text
    assert "The filter “Messages, at least” can’t be “many”, so it was left out." in text
    assert "This" in text
    assert "Other" not in text


@pytest.mark.parametrize("name", NAMES)
def test_no_value_breaks_the_page(ada_client: Client, alice: User, name: str) -> None:
    add_review(alice)
    for value in STRANGE:
        response = ada_client.get(URL, {name: value}, follow=True)
        assert response.status_code == 200
        assert len(response.redirect_chain) <= 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.dictionaries(st.sampled_from(NAMES), st.text(max_size=30), max_size=6))
@pytest.mark.django_db(transaction=True)
def test_reading_what_was_read_gives_the_same(data: dict[str, str]) -> None:
    identities = Identities(User(is_superuser=True))
    filters = Filters.read(data, identities)
    again = Filters.read(filters.address, identities)
    assert again.address == filters.address


@pytest.mark.parametrize("name", ORDERS)
def test_each_order_is_told_by_its_name(rita: User, name: str) -> None:
    assert Filters.read({"sort": name}, Identities(rita)).order is ORDERS[name]


def test_the_word_for_nobody_is_a_word_like_others_in_titles(rita: User) -> None:
    assert passing(rita, title="nobody") == set()


def test_a_username_never_stands_for_somebody_elses_pseudonym(
    ada: User, alice: User, bob: User
) -> None:
    User.objects.filter(pk=bob.pk).update(username=alice.pseudonym)
    assert Identities(ada).find_pseudonym(alice.pseudonym) == alice.pseudonym


def test_usernames_that_are_each_others_pseudonyms_lead_nowhere_round(
    ada_client: Client, alice: User, bob: User
) -> None:
    User.objects.filter(pk=bob.pk).update(username=alice.pseudonym)
    User.objects.filter(pk=alice.pk).update(username=bob.pseudonym)
    assert ada_client.get(URL, {"user": alice.pseudonym}).status_code == 200
