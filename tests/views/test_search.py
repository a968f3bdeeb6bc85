"""Search in one's own conversations, and opening a conversation at a message."""

from urllib.parse import quote

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.own_search import MESSAGES_SIZE, TITLES_SIZE
from conversations.queries import SWITCHED_SIZE
from conversations.services.conversations import delete_conversation
from tests.factories import add_message, extend_branch, make_conversation
from tests.search.searching import say
from tests.views.html import HTMX, Page, parse

URL = "/conversations/search/"


def search(client: Client, text: str, **headers: str) -> Page:
    return parse(client.get(f"{URL}?q={quote(text)}", headers=headers or HTMX))


def links(page: Page) -> list[str]:
    return [
        a["href"] for a in page.all("a") if a.attributes.get("class", "").startswith("search-res")
    ]


def articles(page: Page) -> list[str]:
    return [article["id"] for article in page.all("article")]


@pytest.mark.parametrize("text", ["harbour", "HARB", "ar", "港", "sail harbour"])
def test_messages_are_found_by_any_part_in_any_language(
    alice_client: Client, alice: User, text: str
) -> None:
    talk = say(alice, "We sail to the harbour, 港口", title="Journeys")
    message = talk.messages.get()
    page = search(alice_client, text)
    assert f"/c/{talk.pk}/?message={message.pk}#m{message.pk}" in links(page)
    assert page.all("mark")


def test_titles_are_found(alice_client: Client, alice: User) -> None:
    talk = say(alice, title="Lighthouses of the north")
    assert links(search(alice_client, "lighthouse")) == [f"/c/{talk.pk}/"]


def test_what_is_found_is_no_notice_on_the_page(alice_client: Client, alice: User) -> None:
    say(alice, "We sail to the harbour")
    page = parse(alice_client.get(f"{URL}?q=harbour"))
    assert links(page)
    assert not page.by_id("toasts").text.strip()


def test_what_others_wrote_is_not_found(alice_client: Client, bob: User) -> None:
    say(bob, "A secret harbour", title="Secret harbours")
    page = search(alice_client, "harbour")
    assert not links(page)
    assert "Nothing was found" in page.text


def test_every_branch_is_searched(alice_client: Client, alice: User) -> None:
    talk = say(alice, "Hello", "The shown reply")
    first = talk.messages.earliest("pk")
    other = add_message(talk, parent=first, role="assistant", text="Elsewhere a zeppelin")
    say(alice)
    assert links(search(alice_client, "zeppelin")) == [
        f"/c/{talk.pk}/?message={other.pk}#m{other.pk}"
    ]


def test_archived_ones_say_so(alice_client: Client, alice: User) -> None:
    talk = say(alice, "Old harbour")
    talk.archived = True
    talk.save()
    assert "Archived" in search(alice_client, "harbour").text


def test_what_was_deleted_is_out_at_once(alice_client: Client, alice: User) -> None:
    talk = say(alice, "Old harbour", title="Harbours")
    delete_conversation(conversation=talk)
    assert not links(search(alice_client, "harbour"))


def test_what_is_deleted_comes_back_with_the_conversation(
    alice_client: Client, alice: User
) -> None:
    talk = say(alice, "Old harbour", title="Harbours")
    alice_client.post(f"/c/{talk.pk}/delete/")
    assert not links(search(alice_client, "harbour"))
    talk.deleted_at = None
    talk.save()
    assert len(links(search(alice_client, "harbour"))) == 2


def test_more_is_shown_page_by_page(alice_client: Client, alice: User) -> None:
    say(alice, *[f"harbour {number}" for number in range(MESSAGES_SIZE + 3)])
    first = search(alice_client, "harbour")
    (more,) = (a["hx-get"] for a in first.all("a") if "hx-get" in a.attributes)
    rest = parse(alice_client.get(more, headers=HTMX))
    assert len(links(first)) == MESSAGES_SIZE
    assert len(links(rest)) == 3
    assert not set(links(first)) & set(links(rest))


def test_more_titles_are_shown_page_by_page_the_last_used_first(
    alice_client: Client, alice: User
) -> None:
    talks = [say(alice, title=f"Harbour {number}") for number in range(TITLES_SIZE + 3)]
    say(alice, "A harbour")
    first = search(alice_client, "harbour")
    (more,) = (a["hx-get"] for a in first.all("a") if "hx-get" in a.attributes)
    rest = parse(alice_client.get(more, headers=HTMX))
    shown = [link for link in links(first) + links(rest) if "message" not in link]
    assert shown == [f"/c/{talk.pk}/" for talk in reversed(talks)]
    assert len(links(first)) == TITLES_SIZE + 1
    assert len(links(rest)) == 3


def test_without_scripts_more_titles_are_a_page(alice_client: Client, alice: User) -> None:
    for number in range(TITLES_SIZE + 1):
        say(alice, title=f"Harbour {number}")
    first = parse(alice_client.get(URL, {"q": "harbour"}))
    (more,) = (a["href"] for a in first.all("a") if "search-more" in a.attributes.get("class", ""))
    page = parse(alice_client.get(more))
    assert page.all("html")
    assert len(links(page)) == 1


def test_an_empty_field_gives_the_list_back(alice_client: Client) -> None:
    assert alice_client.get(f"{URL}?q=", headers=HTMX).content == b""


@pytest.mark.parametrize("text", ["", '"'])
def test_without_words_it_says_what_can_be_typed(alice_client: Client, text: str) -> None:
    page = parse(alice_client.get(URL, {"q": text}))
    assert page.text


def test_too_long_a_text_is_refused_with_a_sentence(alice_client: Client) -> None:
    assert "at most 500 characters" in search(alice_client, "x" * 501).text


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30])
def test_a_place_that_is_none_is_not_found(alice_client: Client, before: str) -> None:
    assert alice_client.get(URL, {"q": "a", "before": before}).status_code == 404


@pytest.mark.parametrize("titles", ["x", "2026-01-01_x", "_"])
def test_a_place_among_titles_that_is_none_is_not_found(alice_client: Client, titles: str) -> None:
    assert alice_client.get(URL, {"q": "a", "titles": titles}).status_code == 404


def test_without_scripts_it_is_a_page(alice_client: Client, alice: User) -> None:
    say(alice, "Old harbour")
    page = parse(alice_client.get(URL, {"q": "harbour"}))
    assert page.all("html")
    assert len(links(page)) == 1


@pytest.fixture
def other(alice: User) -> Message:
    """A reply that isn't on the shown branch of its conversation."""
    talk = make_conversation(alice, "Hello", "The shown reply")
    first = talk.messages.earliest("pk")
    return talk.messages.create(parent=first, role="assistant", text="Another")


def test_a_conversation_opens_at_a_message_of_another_branch(
    alice_client: Client, other: Message
) -> None:
    page = parse(alice_client.get(f"/c/{other.conversation_id}/?message={other.pk}"))
    assert articles(page) == [f"m{other.parent_id}", f"m{other.pk}"]
    assert page.one("input", name="seen")["value"] == str(other.pk)


def test_opening_a_link_leaves_the_shown_branch_as_it_is(
    alice_client: Client, other: Message
) -> None:
    before = Conversation.objects.values("leaf", "last_activity_at").get()
    alice_client.get(f"/c/{other.conversation_id}/?message={other.pk}")
    alice_client.head(f"/c/{other.conversation_id}/?message={other.pk}")
    assert Conversation.objects.values("leaf", "last_activity_at").get() == before
    assert not Message.objects.exclude(shown_child=None).exists()


def test_the_page_has_the_opened_branch_remembered(alice_client: Client, other: Message) -> None:
    page = parse(alice_client.get(f"/c/{other.conversation_id}/?message={other.pk}"))
    (form,) = (each for each in page.all("form") if each.attributes.get("hx-trigger") == "load")
    sent = {name: page.one("input", name=name)["value"] for name in ("version", "opened")}
    assert alice_client.post(form["hx-post"], sent, headers=HTMX).status_code == 204
    other.conversation.refresh_from_db()
    assert other.conversation.leaf_id == other.pk


def test_a_message_of_the_shown_branch_has_nothing_remembered(
    alice_client: Client, other: Message
) -> None:
    leaf = other.conversation.leaf_id
    page = parse(alice_client.get(f"/c/{other.conversation_id}/?message={leaf}"))
    assert not page.all("input", name="opened")


def test_without_scripts_a_message_is_added_to_the_opened_branch(
    alice_client: Client, other: Message
) -> None:
    url = f"/c/{other.conversation_id}/"
    page = parse(alice_client.get(f"{url}?message={other.pk}"))
    seen = page.one("input", name="seen")["value"]
    alice_client.post(f"{url}messages/", {"text": "More", "seen": seen})
    assert other.children.get().text == "More"


def test_far_from_the_end_the_messages_around_are_shown(alice_client: Client, alice: User) -> None:
    talk = make_conversation(alice, "Hello", "Hi")
    extend_branch(talk, SWITCHED_SIZE + 100)
    talk.refresh_from_db()
    ids = list(talk.messages.order_by("pk").values_list("pk", flat=True))
    page = parse(alice_client.get(f"/c/{talk.pk}/?message={ids[40]}"))
    assert f"m{ids[40]}" in articles(page)
    assert f"m{ids[-1]}" not in articles(page)
    assert "Go to the latest messages" in page.text


@pytest.mark.parametrize("wanted", ["x", "0", "999999999", "9" * 30])
def test_a_message_that_is_gone_opens_the_end(
    alice_client: Client, alice: User, wanted: str
) -> None:
    talk = make_conversation(alice, "Hello", "Hi")
    page = parse(alice_client.get(f"/c/{talk.pk}/?message={wanted}"))
    assert f"m{talk.leaf_id}" in articles(page)


def test_a_message_of_another_conversation_opens_nothing_of_it(
    alice_client: Client, alice: User, bob: User
) -> None:
    talk, other = make_conversation(alice, "Hello"), make_conversation(bob, "A secret")
    page = parse(alice_client.get(f"/c/{talk.pk}/?message={other.leaf_id}"))
    assert articles(page) == [f"m{talk.leaf_id}"]
