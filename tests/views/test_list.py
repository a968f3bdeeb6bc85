"""The sidebar's list of conversations."""

import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.queries import LIST_SIZE
from tests.factories import make_conversation
from tests.views.html import HTMX, Page, parse

URL = "/conversations/"


def add(owner: User, title: str, **ago: float) -> Conversation:
    conversation = make_conversation(owner, title=title)
    conversation.last_activity_at = timezone.now() - timedelta(**ago)
    conversation.save()
    return conversation


def titles(page: Page) -> list[str]:
    return [item.text for item in page.all("a", **{"class": "sidebar-item"})]


def labels(page: Page) -> list[str]:
    return [heading.text for heading in page.all("h2")]


def more(page: Page) -> str:
    # Those of templates lead nowhere yet.
    buttons = page.all("button", **{"class": "sidebar-load-more"})
    (button,) = [button for button in buttons if not button["hx-get"].endswith("=")]
    return button["hx-get"]


@pytest.fixture
def many(alice: User) -> None:
    for number in range(LIST_SIZE + 10):
        add(alice, f"Talk {number}", days=40, minutes=number)


def test_it_is_a_part_of_a_page(alice_client: Client, conversation: Conversation) -> None:
    page = parse(alice_client.get(URL, headers=HTMX))
    assert not page.all("html")
    assert titles(page) == ["Greetings"]


def test_without_conversations_it_says_what_will_be_there(alice_client: Client) -> None:
    assert "will be listed here" in parse(alice_client.get(URL, headers=HTMX)).text


def test_the_last_used_comes_first(alice_client: Client, alice: User) -> None:
    add(alice, "Older", minutes=5)
    add(alice, "Newer", minutes=1)
    assert titles(parse(alice_client.get(URL))) == ["Newer", "Older"]


def test_only_ones_own_are_listed(alice_client: Client, alice: User, bob: User) -> None:
    add(alice, "Mine")
    add(bob, "Theirs")
    assert titles(parse(alice_client.get(URL))) == ["Mine"]


def test_archived_ones_are_not_listed(alice_client: Client, alice: User) -> None:
    add(alice, "Put away")
    Conversation.objects.update(archived=True)
    assert titles(parse(alice_client.get(URL))) == []


def test_they_are_grouped_by_day(alice_client: Client, alice: User) -> None:
    for days in (0, 1, 5, 20):
        add(alice, f"{days} days ago", days=days)
    page = parse(alice_client.get(URL))
    assert labels(page) == ["Today", "Yesterday", "Previous 7 days", "Previous 30 days"]


def test_older_ones_are_grouped_by_month(alice_client: Client, alice: User) -> None:
    for month in (10, 10, 9):
        conversation = make_conversation(alice)
        conversation.last_activity_at = datetime(2020, month, 15, tzinfo=UTC)
        conversation.save()
    assert labels(parse(alice_client.get(URL))) == ["October 2020", "September 2020"]


def test_days_begin_at_the_readers_midnight(alice_client: Client, alice: User) -> None:
    conversation = make_conversation(alice)
    conversation.last_activity_at = datetime(2020, 1, 31, 23, 30, tzinfo=UTC)
    conversation.save()
    alice_client.cookies["time_zone"] = "Asia/Tokyo"
    assert labels(parse(alice_client.get(URL))) == ["February 2020"]


@pytest.mark.usefixtures("many")
def test_a_part_of_the_list_leads_to_the_next(alice_client: Client) -> None:
    first = parse(alice_client.get(URL, headers=HTMX))
    second = parse(alice_client.get(more(first), headers=HTMX))
    assert titles(first) == [f"Talk {number}" for number in range(LIST_SIZE)]
    assert titles(second) == [f"Talk {number}" for number in range(LIST_SIZE, LIST_SIZE + 10)]


@pytest.mark.usefixtures("many")
def test_the_last_part_leads_nowhere(alice_client: Client) -> None:
    first = parse(alice_client.get(URL, headers=HTMX))
    second = parse(alice_client.get(more(first), headers=HTMX))
    assert not second.all("button", **{"class": "sidebar-load-more"})


def test_a_label_is_not_said_again_in_the_next_part(alice_client: Client, alice: User) -> None:
    for number in range(LIST_SIZE + 1):
        conversation = make_conversation(alice)
        conversation.last_activity_at = datetime(2020, 10, 15, 12, 0, number % 60, tzinfo=UTC)
        conversation.save()
    page = parse(alice_client.get(URL, headers=HTMX))
    assert labels(page) == ["October 2020"]
    assert labels(parse(alice_client.get(more(page), headers=HTMX))) == []


def test_the_next_part_says_a_label_that_is_new(alice_client: Client, alice: User) -> None:
    for number in range(LIST_SIZE + 1):
        conversation = make_conversation(alice)
        month = 10 if number < LIST_SIZE else 9
        conversation.last_activity_at = datetime(2020, month, 15, tzinfo=UTC)
        conversation.save()
    page = parse(alice_client.get(URL, headers=HTMX))
    assert labels(parse(alice_client.get(more(page), headers=HTMX))) == ["September 2020"]


def test_ones_used_at_the_same_moment_are_each_listed_once(
    alice_client: Client, alice: User
) -> None:
    for number in range(LIST_SIZE + 5):
        make_conversation(alice, title=f"Talk {number}")
    Conversation.objects.update(last_activity_at=datetime(2020, 10, 15, tzinfo=UTC))
    first = parse(alice_client.get(URL, headers=HTMX))
    second = parse(alice_client.get(more(first), headers=HTMX))
    assert len(set(titles(first) + titles(second))) == LIST_SIZE + 5


def test_the_conversation_that_the_page_shows_is_marked(
    alice_client: Client, conversation: Conversation
) -> None:
    address = f"http://testserver/c/{conversation.pk}/"
    page = parse(alice_client.get(URL, headers=HTMX | {"HX-Current-URL": address}))
    assert page.one("a", aria_current="page").text == "Greetings"


@pytest.mark.parametrize("address", ["", "/", "/c/", "/c/nonsense/", "http://["])
def test_none_is_marked_on_other_pages(
    alice_client: Client, conversation: Conversation, address: str
) -> None:
    page = parse(alice_client.get(URL, headers=HTMX | {"HX-Current-URL": address}))
    assert not page.all("a", aria_current="page")


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "_",
        "2020-01-01T00:00:00+00:00",
        "2020-01-01T00:00:00+00:00_",
        "2020-01-01T00:00:00+00:00_nonsense",
        f"0001-01-01T00:00:00+14:00_{uuid.UUID(int=1)}",
        f"9999-12-31T23:59:59-14:00_{uuid.UUID(int=1)}",
        f"2020-13-01T00:00:00+00:00_{uuid.UUID(int=1)}",
        "\x00",
    ],
)
def test_a_nonsense_cursor_is_not_found(alice_client: Client, cursor: str) -> None:
    response = alice_client.get(f"{URL}?before={quote(cursor)}")
    assert response.status_code == 404
    assert parse(response).one("h1").text == "There is nothing here"


@pytest.mark.parametrize(
    "moment",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59+00:00"],
)
def test_a_cursor_at_the_end_of_time_is_not_found(
    alice_client: Client, conversation: Conversation, moment: str
) -> None:
    alice_client.cookies["time_zone"] = "Asia/Tokyo"
    cursor = quote(f"{moment}_{uuid.UUID(int=1)}")
    assert alice_client.get(f"/conversations/?before={cursor}").status_code == 404


def shown_on(client: Client, conversation: Conversation) -> Page:
    return parse(client.get(conversation.get_absolute_url()))


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("number", [0, 1, 30, 49, 50, 59])
def test_a_page_lists_its_own_conversation_wherever_it_stands(
    alice_client: Client, alice: User, number: int
) -> None:
    conversation = Conversation.objects.get(title=f"Talk {number}")
    page = shown_on(alice_client, conversation)
    assert page.one("a", aria_current="page").text == f"Talk {number}"
    first = max(0, number - LIST_SIZE // 2)
    assert titles(page) == [f"Talk {n}" for n in range(first, min(first + LIST_SIZE, 60))]


@pytest.mark.usefixtures("many")
def test_the_list_that_is_fetched_again_holds_it_too(alice_client: Client) -> None:
    conversation = Conversation.objects.get(title="Talk 59")
    address = f"http://testserver{conversation.get_absolute_url()}"
    page = parse(alice_client.get(URL, headers=HTMX | {"HX-Current-URL": address}))
    assert page.one("a", aria_current="page").text == "Talk 59"


@pytest.mark.usefixtures("many")
def test_a_list_that_begins_in_the_middle_leads_to_what_is_above(alice_client: Client) -> None:
    page = shown_on(alice_client, Conversation.objects.get(title="Talk 40"))
    above = parse(alice_client.get(more(page), headers=HTMX))
    assert titles(above) == [f"Talk {number}" for number in range(15)]
    assert not above.all("button", **{"class": "sidebar-load-more"})


@pytest.mark.parametrize(("months", "below"), [((10, 10), []), ((10, 9), ["September 2020"])])
def test_the_part_above_ends_with_the_label_of_the_day_that_follows(
    alice_client: Client, alice: User, months: tuple[int, int], below: list[str]
) -> None:
    for month in months:
        conversation = make_conversation(alice)
        conversation.last_activity_at = datetime(2020, month, 20 - len(below), tzinfo=UTC)
        conversation.save()
    last = Conversation.objects.order_by("last_activity_at", "pk").first()
    assert last
    cursor = quote(f"{last.last_activity_at.isoformat()}_{last.pk}")
    page = parse(alice_client.get(f"{URL}?after={cursor}", headers=HTMX))
    assert labels(page) == ["October 2020", *below]


def test_an_archived_conversation_is_shown_beside_the_list(
    alice_client: Client, conversation: Conversation
) -> None:
    Conversation.objects.update(archived=True)
    assert titles(shown_on(alice_client, conversation)) == []


@pytest.mark.usefixtures("many")
def test_a_list_that_is_read_far_down_is_fetched_around_there(alice_client: Client) -> None:
    read = Conversation.objects.get(title="Talk 40")
    cursor = quote(f"{read.last_activity_at.isoformat()}_{read.pk}")
    page = parse(alice_client.get(f"{URL}?around={cursor}", headers=HTMX))
    assert titles(page) == [f"Talk {number}" for number in range(15, 60)]


@pytest.mark.usefixtures("many")
def test_a_list_is_fetched_around_where_a_conversation_stood_that_is_gone(
    alice_client: Client,
) -> None:
    read = Conversation.objects.get(title="Talk 40")
    cursor = quote(f"{read.last_activity_at.isoformat()}_{read.pk}")
    Conversation.objects.filter(pk=read.pk).update(archived=True)
    page = parse(alice_client.get(f"{URL}?around={cursor}", headers=HTMX))
    assert titles(page) == [f"Talk {number}" for number in range(15, 60) if number != 40]


def test_a_list_around_no_cursor_is_not_found(alice_client: Client) -> None:
    assert alice_client.get(f"{URL}?around=x", headers=HTMX).status_code == 404
