"""Earlier messages, a page at a time."""

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.queries import PAGE_SIZE
from tests.factories import make_conversation
from tests.views.html import HTMX, Element, Page, parse


@pytest.fixture
def long(alice: User) -> Conversation:
    return make_conversation(alice, *(f"Number {number}." for number in range(120)))


def find_link(page: Page) -> Element:
    (link,) = [a for a in page.all("a") if "?before=" in a.attributes.get("href", "")]
    return link


def link(page: Page) -> str:
    return find_link(page)["href"]


def test_a_page_shows_the_latest_messages(alice_client: Client, long: Conversation) -> None:
    bodies = parse(alice_client.get(long.get_absolute_url())).bodies()
    assert bodies == [f"Number {number}." for number in range(120 - PAGE_SIZE, 120)]


def test_what_is_opened_from_the_list_is_a_few_screens_at_first(
    alice_client: Client, long: Conversation
) -> None:
    opened = parse(alice_client.get(long.get_absolute_url(), headers=HTMX))
    assert opened.bodies() == [f"Number {number}." for number in range(100, 120)]
    before = parse(alice_client.get(link(opened), headers=HTMX))
    assert before.bodies() == [f"Number {number}." for number in range(50, 100)]


def test_a_long_reply_is_opened_with_its_question(alice_client: Client, alice: User) -> None:
    long_text = "word " * 2_000
    conversation = make_conversation(alice, *["Hello", long_text] * 5)
    opened = parse(alice_client.get(conversation.get_absolute_url(), headers=HTMX))
    assert opened.bodies() == ["Hello", long_text.strip()]


def test_what_is_opened_asks_for_the_rest_by_itself(
    alice_client: Client, long: Conversation
) -> None:
    opened = parse(alice_client.get(long.get_absolute_url(), headers=HTMX))
    assert find_link(opened)["hx-trigger"].startswith("load delay:")
    before = parse(alice_client.get(link(opened), headers=HTMX))
    assert "hx-trigger" not in find_link(before).attributes


def test_htmx_gets_the_page_before(alice_client: Client, long: Conversation) -> None:
    page = parse(alice_client.get(long.get_absolute_url()))
    response = alice_client.get(link(page), headers=HTMX)
    assert response.status_code == 200
    assert not parse(response).all("html")
    assert parse(response).bodies() == [f"Number {number}." for number in range(20, 70)]


def test_pages_joined_are_the_whole_conversation(alice_client: Client, long: Conversation) -> None:
    page = parse(alice_client.get(long.get_absolute_url()))
    bodies = page.bodies()
    while "?before=" in str([a.attributes.get("href") for a in page.all("a")]):
        page = parse(alice_client.get(link(page), headers=HTMX))
        bodies = page.bodies() + bodies
    assert bodies == [f"Number {number}." for number in range(120)]


def test_a_browser_without_htmx_gets_a_whole_page(alice_client: Client, long: Conversation) -> None:
    page = parse(alice_client.get(long.get_absolute_url()))
    earlier = parse(alice_client.get(link(page)))
    assert earlier.one("main")
    assert earlier.bodies()[-1] == "Number 69."


def test_a_short_conversation_has_nothing_earlier(
    alice_client: Client, conversation: Conversation
) -> None:
    assert b'id="earlier"' not in alice_client.get(conversation.get_absolute_url()).content


@pytest.mark.parametrize(
    "before", ["", "nonsense", "-1", "1.5", "²", "9" * 18, "9" * 400, "1 OR 1=1", "\x00"]
)
def test_a_nonsense_cursor_is_not_found(
    alice_client: Client, conversation: Conversation, before: str
) -> None:
    response = alice_client.get(f"/c/{conversation.pk}/messages/", {"before": before})
    assert response.status_code == 404
    assert parse(response).one("h1").text == "There is nothing here"


def test_a_cursor_into_someone_elses_conversation_is_not_found(
    alice_client: Client, conversation: Conversation, bob: User
) -> None:
    theirs = make_conversation(bob, "Secret", "Very secret.")
    before = {"before": str(theirs.leaf_id)}
    response = alice_client.get(f"/c/{conversation.pk}/messages/", before)
    assert response.status_code == 404


def test_zero_is_a_nonsense_cursor(alice_client: Client, conversation: Conversation) -> None:
    url = f"/c/{conversation.pk}/messages/?before=0"
    assert alice_client.get(url, headers=HTMX).status_code == 404


def test_the_line_of_what_is_sent_is_found_on_an_earlier_page(
    alice_client: Client, long: Conversation
) -> None:
    messages = list(long.messages.all())
    for reply, start in [(messages[61], messages[24]), (messages[-1], messages[30])]:
        reply.context_start = start.pk
        reply.save(update_fields=["context_start"])
    page = alice_client.get(link(parse(alice_client.get(long.get_absolute_url()))), headers=HTMX)
    html = page.content.decode()
    assert html.count("no longer sent to the model") == 1
    assert html.index("Number 29.") < html.index("no longer sent") < html.index("Number 30.")
