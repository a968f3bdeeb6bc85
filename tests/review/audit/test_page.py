"""The access log's page: who may read it, what it shows, filters, pages."""

import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import AccessEntry
from tests.conftest import signed_in
from tests.review.access import logged, opened
from tests.views.html import parse

LOG = "/admin/review/accessentry/"


@pytest.fixture
def rows(rita: User, ada: User, alice: User, bob: User, conversation: Conversation) -> None:
    opened(rita, conversation, reason="Complaint 17")
    logged(rita, bob, kind="search", terms="ab" * 32, details={"found": 3})
    logged(ada, kind="export", address=None)


def kinds(response: Any) -> list[str]:
    """What the page lists, from the top."""
    assert response.status_code == 200
    return [each.entry.kind for each in response.context["shown"].rows]


def test_the_newest_is_on_top(ada_client: Client, rows: None) -> None:
    assert kinds(ada_client.get(LOG)) == ["export", "search", "transcript"]


def test_it_says_who_whose_what_when_why_and_from_where(
    ada_client: Client, rows: None, conversation: Conversation
) -> None:
    text = parse(ada_client.get(f"{LOG}?what=transcript")).one("tbody").text
    for word in ("rita", "alice", "Opened a transcript", "Complaint 17", "192.0.2.1"):
        assert word in text
    assert str(conversation.pk)[:8] in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=rita", ["search", "transcript"]),
        ("who=RITA&what=search", ["search"]),
        ("whose=alice", ["transcript"]),
        ("whose=bob", ["search"]),
        ("what=export", ["export"]),
        ("who=ada&whose=alice", []),
        ("who=&whose=&what=&conversation=&since=&until=", ["export", "search", "transcript"]),
    ],
)
def test_it_is_filtered(ada_client: Client, rows: None, query: str, found: list[str]) -> None:
    assert kinds(ada_client.get(f"{LOG}?{query}")) == found


def test_it_is_filtered_by_a_pseudonym(ada_client: Client, rows: None, alice: User) -> None:
    assert kinds(ada_client.get(f"{LOG}?whose={alice.pseudonym.lower()}")) == ["transcript"]


def test_it_is_filtered_by_a_conversation(
    ada_client: Client, rows: None, conversation: Conversation
) -> None:
    assert kinds(ada_client.get(f"{LOG}?conversation={conversation.pk}")) == ["transcript"]
    assert kinds(ada_client.get(f"{LOG}?conversation={uuid.uuid4()}")) == []


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("since=2025-03-02", [3, 2]),
        ("until=2025-03-02", [2, 1]),
        ("since=2025-03-02&until=2025-03-02", [2]),
        ("since=2025-03-04", []),
        ("until=2025-02-28", []),
    ],
)
def test_it_is_filtered_by_days(
    ada_client: Client, rita: User, query: str, days: list[int]
) -> None:
    for day in (1, 2, 3):
        logged(rita, at=datetime(2025, 3, day, 23, 59, 59, tzinfo=UTC))
    response = ada_client.get(f"{LOG}?{query}")
    assert [each.entry.at.day for each in response.context["shown"].rows] == days


def test_days_are_those_of_the_readers_zone(ada_client: Client, ada: User, rita: User) -> None:
    User.objects.filter(pk=ada.pk).update(time_zone="Asia/Tokyo", time_zone_is_chosen=True)
    logged(rita, at=datetime(2025, 3, 1, 15, 30, tzinfo=UTC))
    assert kinds(ada_client.get(f"{LOG}?since=2025-03-02")) == ["transcript"]
    assert kinds(ada_client.get(f"{LOG}?until=2025-03-01")) == []


@pytest.mark.parametrize(
    "query",
    [
        "who=nobody",
        "who=%00",
        "whose=" + "a" * 200,
        "what=nonsense",
        "conversation=1",
        "since=0001-01-01",
        "until=9999-12-31",
        "since=yesterday",
    ],
)
def test_a_filter_that_makes_no_sense_is_said_to(
    ada_client: Client, rows: None, query: str
) -> None:
    response = ada_client.get(f"{LOG}?{query}")
    assert response.status_code == 422
    assert parse(response).all("ul", **{"class": "errorlist"})
    assert not response.context["shown"].rows


@pytest.mark.parametrize("page", ["before=x", "before=-1", "after=1.5", "before=" + "9" * 30])
def test_a_page_that_there_is_not(ada_client: Client, rows: None, page: str) -> None:
    assert ada_client.get(f"{LOG}?{page}").status_code == 404


def test_pages_follow_each_other_to_the_end_and_back(ada_client: Client, rita: User) -> None:
    for number in range(120):
        logged(rita, details={"number": number})
    seen, url, last = [], "?who=rita", ""
    while url:
        response = ada_client.get(LOG + url)
        seen += [each.entry.details["number"] for each in response.context["shown"].rows]
        links = parse(response).all("a", rel="next")
        last, url = url, links[0]["href"] if links else ""
    assert seen == list(range(119, -1, -1))
    back = parse(ada_client.get(LOG + last)).one("a", rel="prev")["href"]
    page = ada_client.get(LOG + back).context["shown"]
    assert [each.entry.details["number"] for each in page.rows] == list(range(69, 19, -1))


def test_the_table_is_never_counted(
    ada_client: Client, rows: None, django_assert_max_num_queries: Any
) -> None:
    ada_client.get(LOG)
    with django_assert_max_num_queries(12) as asked:
        ada_client.get(f"{LOG}?who=rita&since=2025-01-01&until=2025-01-02")
    assert not [each for each in asked if re.search("COUNT", each["sql"])]


def test_the_names_of_many_who_are_gone_take_one_query(
    ada_client: Client, rita: User, django_assert_max_num_queries: Any
) -> None:
    ada_client.get(LOG)
    for number in range(40):
        AccessEntry.objects.create(actor=rita.pseudonym, subject=f"GNE{number:05}", kind="hold")
    with django_assert_max_num_queries(12):
        ada_client.get(LOG)


def test_a_conversation_that_is_there_can_be_opened(
    ada_client: Client, rows: None, conversation: Conversation
) -> None:
    worker.process_outbox()
    page = parse(ada_client.get(LOG))
    assert page.one("a", href=f"/admin/review/review/{conversation.pk}/change/")
    conversation.delete()
    assert "deleted" in parse(ada_client.get(LOG)).one("tbody").text


def test_who_may_not_see_identities_reads_pseudonyms(
    rows: None, bob: User, rita: User, alice: User
) -> None:
    watching(bob)
    text = parse(signed_in(bob).get(LOG)).one("table", **{"class": "log-table"}).text
    assert "rita" not in text
    assert "alice" not in text
    assert f"User {rita.pseudonym}" in text
    assert f"User {alice.pseudonym}" in text


def test_who_may_not_see_identities_can_not_try_names(rows: None, bob: User) -> None:
    watching(bob)
    assert signed_in(bob).get(f"{LOG}?whose=alice").status_code == 422


def watching(user: User) -> None:
    """Lets them read the log, and do nothing else."""
    user.is_staff = True
    user.save()
    user.user_permissions.add(Permission.objects.get(codename="view_accessentry"))


def test_who_was_erased_stays_by_their_pseudonym(ada_client: Client, rows: None) -> None:
    pseudonym = User.objects.get(username="alice").pseudonym
    User.objects.filter(username="alice").delete()
    assert f"Erased user {pseudonym}" in parse(ada_client.get(LOG)).one("tbody").text


@pytest.mark.parametrize("page", ["add/", "{pk}/change/", "{pk}/delete/", "{pk}/history/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_changes_an_entry_in_the_administration(
    ada: User, ada_client: Client, rows: None, page: str, method: str
) -> None:
    User.objects.filter(pk=ada.pk).update(is_superuser=True)
    before = list(AccessEntry.objects.values())
    url = LOG + page.format(pk=before[0]["id"])
    response = getattr(ada_client, method)(url, {"reason": "none", "post": "yes"})
    assert response.status_code == 403
    assert list(AccessEntry.objects.values()) == before


def test_no_action_deletes_entries(ada: User, ada_client: Client, rows: None) -> None:
    User.objects.filter(pk=ada.pk).update(is_superuser=True)
    chosen = AccessEntry.objects.values_list("pk", flat=True)
    form = {"action": "delete_selected", "_selected_action": list(chosen), "post": "yes"}
    assert ada_client.post(LOG, form).status_code == 405
    assert AccessEntry.objects.count() == 3


def test_what_reviewers_typed_is_shown_as_text(ada_client: Client, rita: User) -> None:
    logged(rita, reason="<script>alert(1)</script>", details={"<b>": "<i>"})
    page = parse(ada_client.get(LOG))
    assert "<script>alert(1)</script>" in page.one("tbody").text
    assert not page.one("tbody").text.count("\0")


def test_an_empty_log_says_what_will_be_there(ada_client: Client, settings: Settings) -> None:
    assert "will be listed here" in parse(ada_client.get(LOG)).text


@pytest.mark.parametrize("kind", AccessEntry.Kind)
def test_each_action_has_one_dotted_name(
    ada_client: Client, rita: User, kind: AccessEntry.Kind
) -> None:
    logged(rita, kind=kind)
    name = parse(ada_client.get(LOG)).one("code", **{"class": "log-action"}).text
    assert re.fullmatch(r"[a-z_]+\.[a-z]+", name)
