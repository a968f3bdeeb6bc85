"""A conversation's menu: pinning, archiving, and the same from the list and the header."""

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.services.conversations import MAX_PINNED
from tests.factories import make_conversation
from tests.views.html import HTMX, Page, parse


def url(conversation: Conversation, action: str) -> str:
    return f"/c/{conversation.pk}/{action}/"


def links(page: Page) -> list[str]:
    return [a.text for a in page.all("a") if a.attributes.get("href", "").startswith("/c/")]


def headings(page: Page) -> list[str]:
    return [heading.text for heading in page.all("h2")]


@pytest.fixture
def others(alice: User) -> None:
    for number in range(3):
        make_conversation(alice, "Hello", title=f"Talk {number}")


def test_each_row_has_a_button_for_its_menu(
    alice_client: Client, conversation: Conversation
) -> None:
    page = parse(alice_client.get("/"))
    assert page.one("button", aria_label="Options for Greetings")


def test_the_menu_is_fetched_with_the_dialogs_it_opens(
    alice_client: Client, conversation: Conversation
) -> None:
    page = parse(alice_client.get(url(conversation, "options"), headers=HTMX))
    items = [
        button.text.strip()
        for button in page.all("button")
        if "menu-item" in button.attributes.get("class", "").split()
    ]
    assert items == [
        "Rename",
        "Pin",
        "Move to folder…",
        "Archive",
        "Parameters…",
        "What the model is told",
        "Select…",
        "Delete",
    ]
    assert page.by_id("options-delete-dialog")


@pytest.mark.usefixtures("others")
def test_a_pinned_conversation_is_on_top_under_its_own_heading(
    alice_client: Client, conversation: Conversation
) -> None:
    alice_client.post(url(conversation, "pin"), {"pinned": "yes"})
    make = parse(alice_client.get("/conversations/", headers=HTMX))
    assert links(make)[0] == "Greetings"
    assert links(make).count("Greetings") == 1
    assert headings(make) == ["Pinned", "Today"]


def test_a_conversation_is_unpinned(alice_client: Client, conversation: Conversation) -> None:
    alice_client.post(url(conversation, "pin"), {"pinned": "yes"})
    alice_client.post(url(conversation, "pin"), {"pinned": ""})
    page = parse(alice_client.get("/conversations/", headers=HTMX))
    assert headings(page) == ["Today"]


def test_a_pinned_conversation_that_is_open_is_marked_in_the_list(
    alice_client: Client, conversation: Conversation
) -> None:
    alice_client.post(url(conversation, "pin"), {"pinned": "yes"})
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert page.by_id(f"item-{conversation.pk}")["aria-current"] == "page"


def test_one_too_many_is_not_pinned_and_says_what_to_do(alice_client: Client, alice: User) -> None:
    for number in range(MAX_PINNED):
        Conversation.objects.create(owner=alice, title=f"Talk {number}", pinned=True)
    conversation = make_conversation(alice, "Hello")
    page = parse(alice_client.post(url(conversation, "pin"), {"pinned": "yes"}, follow=True))
    assert f"At most {MAX_PINNED} conversations can be pinned." in page.text
    conversation.refresh_from_db()
    assert not conversation.pinned


def test_an_archived_conversation_is_in_the_archive_alone(
    alice_client: Client, conversation: Conversation
) -> None:
    alice_client.post(url(conversation, "archive"), {"archived": "yes"})
    assert links(parse(alice_client.get("/conversations/", headers=HTMX))) == []
    assert links(parse(alice_client.get("/archive/"))) == ["Greetings"]


def test_an_archived_conversation_opens_and_says_so(
    alice_client: Client, conversation: Conversation
) -> None:
    alice_client.post(url(conversation, "archive"), {"archived": "yes"})
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert "Archived" in page.by_id("conversation-header").text


def test_the_archive_gives_a_conversation_back(
    alice_client: Client, conversation: Conversation
) -> None:
    alice_client.post(url(conversation, "archive"), {"archived": "yes"})
    form = {"archived": "", "from": "archive"}
    response = alice_client.post(url(conversation, "archive"), form)
    assert response["Location"] == "/archive/"
    assert links(parse(alice_client.get("/conversations/", headers=HTMX))) == ["Greetings"]


def test_an_empty_archive_says_what_will_be_there(alice_client: Client) -> None:
    assert "What you archive will be listed here" in parse(alice_client.get("/archive/")).text


def test_the_archive_lists_nobody_else_s(bob_client: Client, conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(archived=True)
    assert links(parse(bob_client.get("/archive/"))) == []


def test_the_archive_goes_on_from_page_to_page(alice_client: Client, alice: User) -> None:
    for number in range(60):
        Conversation.objects.create(owner=alice, title=f"Talk {number}", archived=True)
    first = parse(alice_client.get("/archive/"))
    (older,) = [a["href"] for a in first.all("a") if a.text == "Older"]
    second = parse(alice_client.get(f"/archive/{older}"))
    assert len(links(first)) + len(links(second)) == 60
    assert not set(links(first)) & set(links(second))


def test_a_cursor_that_is_none_is_not_found(alice_client: Client) -> None:
    assert alice_client.get("/archive/?before=x").status_code == 404


def test_a_change_from_the_list_tells_the_list(
    alice_client: Client, conversation: Conversation
) -> None:
    response = alice_client.post(
        url(conversation, "rename"), {"title": "Hello", "from": "list"}, headers=HTMX
    )
    assert response["HX-Trigger"] == "conversations:changed"
    assert "conversation-header" not in response.content.decode()


def test_a_change_of_what_the_page_shows_brings_its_header(
    alice_client: Client, conversation: Conversation
) -> None:
    shown = HTMX | {"HX-Current-URL": f"http://testserver{conversation.get_absolute_url()}"}
    response = alice_client.post(url(conversation, "pin"), {"pinned": "yes"}, headers=shown)
    assert 'hx-target="#conversation-header"' in response.content.decode()


def test_what_is_deleted_from_the_list_leaves_the_page_and_can_be_undone(
    alice_client: Client, alice: User, conversation: Conversation
) -> None:
    other = make_conversation(alice, "Hello", title="Other")
    shown = HTMX | {"HX-Current-URL": f"http://testserver{conversation.get_absolute_url()}"}
    toast = parse(alice_client.post(url(other, "delete"), headers=shown))
    assert "“Other” was deleted." in toast.text
    assert toast.one("form", hx_post=url(other, "restore"))


def test_what_is_deleted_while_the_page_shows_it_leads_to_a_new_chat(
    alice_client: Client, conversation: Conversation
) -> None:
    shown = HTMX | {"HX-Current-URL": f"http://testserver{conversation.get_absolute_url()}"}
    response = alice_client.post(url(conversation, "delete"), headers=shown)
    assert response["HX-Redirect"] == "/"


def test_undoing_a_deletion_from_the_list_tells_the_list(
    alice_client: Client, conversation: Conversation
) -> None:
    alice_client.post(url(conversation, "delete"), headers=HTMX)
    response = alice_client.post(url(conversation, "restore"), headers=HTMX)
    assert response["HX-Trigger"] == "conversations:changed"
    assert links(parse(alice_client.get("/conversations/", headers=HTMX))) == ["Greetings"]


def test_archiving_from_a_menu_can_be_undone(
    alice_client: Client, conversation: Conversation
) -> None:
    toast = parse(
        alice_client.post(url(conversation, "archive"), {"archived": "yes"}, headers=HTMX)
    )
    assert "“Greetings” was archived." in toast.text
    alice_client.post(toast.one("form")["hx-post"], headers=HTMX)
    conversation.refresh_from_db()
    assert not conversation.archived


def test_one_pinned_too_many_is_told_over_the_page(alice_client: Client, alice: User) -> None:
    for number in range(MAX_PINNED):
        Conversation.objects.create(owner=alice, title=f"Talk {number}", pinned=True)
    other = make_conversation(alice, "Hello")
    page = parse(alice_client.post(url(other, "pin"), {"pinned": "yes"}, headers=HTMX))
    assert "Unpin another one first." in page.one("div", **{"class": "toast error"}).text
