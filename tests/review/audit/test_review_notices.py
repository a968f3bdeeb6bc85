"""Users see when their conversations were reviewed, where the policy says so."""

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.audit.services import record_disclosures
from conversations.review.models import ReviewPolicy
from conversations.review.retention import holds
from tests.factories import make_conversation
from tests.review.access import logged, opened
from tests.views.html import parse

PAGE = "/accounts/reviews/"


@pytest.fixture
def told(db: None) -> None:
    ReviewPolicy(pk=1, tells_users=True).save()


def readings(response: Any) -> list[Any]:
    assert response.status_code == 200
    return list(response.context["page"].rows)


def test_the_page_is_not_there_unless_the_policy_says_so(
    alice_client: Client, rita: User, conversation: Conversation
) -> None:
    opened(rita, conversation)
    assert alice_client.get(PAGE).status_code == 404
    assert not parse(alice_client.get("/accounts/profile/")).all("a", href=PAGE)


def test_it_is_among_the_pages_of_the_account(alice_client: Client, told: None) -> None:
    (link,) = parse(alice_client.get("/accounts/profile/")).all("a", href=PAGE)
    assert link.text == "Reviews"
    assert parse(alice_client.get(PAGE)).one("a", href=PAGE)["aria-current"] == "page"


def test_it_says_which_conversation_and_when(
    alice_client: Client, rita: User, conversation: Conversation, told: None
) -> None:
    entry = opened(rita, conversation)
    page = parse(alice_client.get(PAGE))
    assert page.one("a", href=conversation.get_absolute_url()).text == "Greetings"
    assert page.one("time", datetime=entry.at.isoformat())


def test_a_day_of_a_conversation_is_one_line(
    alice_client: Client, rita: User, conversation: Conversation, told: None
) -> None:
    for hour, day in ((9, 1), (9, 2), (10, 2), (11, 2)):
        opened(rita, conversation, at=datetime(2026, 3, day, hour, tzinfo=UTC))
    page = parse(alice_client.get(PAGE))
    assert [each.text for each in page.all("span", **{"class": "detail"})] == [
        "Monday, 2 March 2026, 11:00:00 · opened 3 times",
        "Sunday, 1 March 2026, 09:00:00 · opened",
    ]


def test_days_are_those_of_its_reader(
    alice_client: Client, rita: User, conversation: Conversation, told: None
) -> None:
    User.objects.filter(username="alice").update(time_zone="Asia/Tokyo")
    for hour in (14, 16):
        opened(rita, conversation, at=datetime(2026, 3, 1, hour, tzinfo=UTC))
    assert [each.opened for each in readings(alice_client.get(PAGE))] == [1, 1]


def test_a_page_ends_with_a_whole_day(
    alice_client: Client, alice: User, rita: User, told: None
) -> None:
    talks = [make_conversation(alice, title=f"Talk {number}") for number in range(60)]
    for talk in talks + talks:
        opened(rita, talk)
    first = alice_client.get(PAGE)
    rest = readings(alice_client.get(PAGE + parse(first).one("a", rel="next")["href"]))
    assert [each.opened for each in [*readings(first), *rest]] == [2] * 60


def test_it_says_neither_by_whom_nor_why_nor_from_where(
    alice_client: Client, rita: User, conversation: Conversation, told: None
) -> None:
    opened(rita, conversation, reason="Complaint 17")
    html = alice_client.get(PAGE).content.decode()
    for secret in ("rita", rita.pseudonym, "Complaint 17", "192.0.2.1"):
        assert secret not in html


@pytest.mark.parametrize("kind", ["hold", "release"])
def test_holds_are_not_told(
    alice_client: Client, rita: User, conversation: Conversation, told: None, kind: str
) -> None:
    opened(rita, conversation, kind=kind)
    assert readings(alice_client.get(PAGE)) == []
    assert "is listed here" in parse(alice_client.get(PAGE)).text


@pytest.mark.parametrize(
    ("kind", "details", "words"),
    [
        ("list", {"in": "queue"}, "in a list"),
        ("search", {"in": "titles"}, "in a list"),
        ("search", {"found": 2}, "in a search"),
        ("trial", {"rule": 1}, "in a search"),
        ("export", {"format": "csv"}, "exported"),
    ],
)
def test_what_showed_a_part_of_it_is_told(
    alice_client: Client,
    rita: User,
    conversation: Conversation,
    told: None,
    kind: str,
    details: dict[str, Any],
    words: str,
) -> None:
    record_disclosures(logged(rita, kind=kind, details=details), [conversation])
    (reading,) = readings(alice_client.get(PAGE))
    assert (reading.conversation, reading.ways) == (conversation, [words])


def test_a_page_of_the_queue_is_told_once_for_each_conversation(
    alice_client: Client, alice: User, rita_client: Client, told: None
) -> None:
    talks = [make_conversation(alice, title=f"Talk {number}") for number in range(60)]
    worker.process_outbox()
    page = rita_client.get("/admin/review/review/")
    rita_client.get(page.context["next"])
    first = alice_client.get(PAGE)
    rest = readings(alice_client.get(PAGE + parse(first).one("a", rel="next")["href"]))
    found = [each.conversation for each in [*readings(first), *rest]]
    assert (len(found), set(found)) == (60, set(talks))


def test_what_is_seen_after_its_owner_deleted_it_is_not_told(
    alice_client: Client, alice: User, ada: User, ada_client: Client, told: None
) -> None:
    conversation = make_conversation(alice, "Hello", "Hi")
    worker.process_outbox()
    holds.put_hold(conversation=conversation, reason="A case.", by=ada)
    Conversation.objects.update(owner=None)
    for page in ("review/", f"review/{conversation.pk}/change/", "hold/"):
        ada_client.get(f"/admin/review/{page}")
    assert readings(alice_client.get(PAGE)) == []


def test_others_are_told_nothing_of_it(
    bob_client: Client, rita: User, conversation: Conversation, told: None
) -> None:
    opened(rita, conversation)
    assert readings(bob_client.get(PAGE)) == []


@pytest.mark.parametrize("held", [True, False])
def test_a_conversation_that_is_gone_has_no_title(
    alice_client: Client, rita: User, conversation: Conversation, told: None, held: bool
) -> None:
    opened(rita, conversation)
    if held:
        Conversation.objects.update(owner=None)
    else:
        conversation.delete()
    text = parse(alice_client.get(PAGE)).text
    assert "A conversation that has been deleted" in text
    assert "Greetings" not in text


def test_pages_follow_each_other(
    alice_client: Client, alice: User, rita: User, told: None, django_assert_max_num_queries: Any
) -> None:
    talks = [make_conversation(alice, title=f"Talk {number}") for number in range(60)]
    for talk in talks:
        opened(rita, talk)
    alice_client.get(PAGE)
    with django_assert_max_num_queries(5):
        first = alice_client.get(PAGE)
    following = parse(first).one("a", rel="next")["href"]
    rest = readings(alice_client.get(PAGE + following))
    titles = [each.conversation.title for each in [*readings(first), *rest]]
    assert titles == [f"Talk {number}" for number in range(59, -1, -1)]


@pytest.mark.parametrize("page", ["x", "-1", "9" * 30, "%00", "1.5", "7"])
def test_a_page_that_there_is_not(alice_client: Client, told: None, page: str) -> None:
    assert alice_client.get(f"{PAGE}?before={page}").status_code == 404


def account_file(client: Client) -> Any:
    response = client.post("/accounts/data/download/")
    packed = io.BytesIO(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    return json.loads(zipfile.ZipFile(packed).read("account.json"))


def test_it_is_part_of_what_one_takes_away(
    alice_client: Client, rita: User, conversation: Conversation, told: None
) -> None:
    opened(rita, conversation, reason="Complaint 17")
    record_disclosures(logged(rita, kind="export"), [conversation])
    reviews = account_file(alice_client)["reviews"]
    assert [each["how"] for each in reviews] == ["opened", "exported"]
    assert {each["conversation"] for each in reviews} == {str(conversation.pk)}
    assert all(set(each) == {"at", "how", "conversation"} for each in reviews)


def test_what_users_are_not_told_is_no_part_of_it(
    alice_client: Client, rita: User, conversation: Conversation
) -> None:
    opened(rita, conversation)
    assert "reviews" not in account_file(alice_client)
