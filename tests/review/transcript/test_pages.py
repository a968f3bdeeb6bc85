"""Pages of a conversation and its branches, all of them reachable."""

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review.models import AccessEntry
from tests.factories import (
    add_message,
    make_conversation,
    make_long_conversation,
)
from tests.review.pages import address, links, opened
from tests.views.html import parse


def test_the_latest_messages_come_first_and_earlier_ones_by_a_link(
    rita_client: Client, alice: User
) -> None:
    conversation = make_long_conversation(alice, 120)
    page = opened(rita_client, conversation)
    assert (page.bodies()[0], page.bodies()[-1]) == ("Message 70", "Message 119")
    (earlier,) = links(page, "Earlier messages")
    page = parse(rita_client.get(earlier))
    assert (page.bodies()[0], page.bodies()[-1]) == ("Message 20", "Message 69")
    (later,) = links(page, "Later messages")
    page = parse(rita_client.get(later))
    assert (page.bodies()[0], page.bodies()[-1]) == ("Message 70", "Message 119")
    assert links(page, "Later messages") == []


def test_a_link_opens_the_page_with_a_message_and_marks_it(
    rita_client: Client, alice: User
) -> None:
    conversation = make_long_conversation(alice, 200)
    message = conversation.messages.get(text="Message 30")
    page = opened(rita_client, conversation, f"?message={message.pk}")
    assert page.one("div", aria_current="true").text.count("Message 30") == 1
    assert len(page.bodies()) == 50
    (later,) = links(page, "Later messages")
    assert parse(rita_client.get(later)).bodies()[0] == "Message 56"


@pytest.fixture
def branched(alice: User) -> Conversation:
    """Its first message has three replies, the second of which was gone on from."""
    conversation = make_conversation(alice, "One?", "First")
    question = conversation.messages.get(role="user")
    add_message(conversation, role="assistant", text="Second", parent_id=question.pk)
    add_message(conversation, role="user", text="Go on")
    add_message(conversation, role="assistant", text="Third", parent_id=question.pk)
    conversation.save()
    return conversation


def test_all_branches_are_reachable(rita_client: Client, branched: Conversation) -> None:
    page = opened(rita_client, branched)
    assert page.bodies() == ["One?", "Third"]
    assert "3 of 3" in page.text
    back = page.one("a", aria_label="Previous version")["href"]
    page = parse(rita_client.get(back))
    assert page.bodies() == ["One?", "Second", "Go on"]
    assert "2 of 3" in page.text
    assert "another branch" in page.text
    assert links(page, "Show theirs") == [address(branched)]
    page = parse(rita_client.get(page.one("a", aria_label="Previous version")["href"]))
    assert page.bodies() == ["One?", "First"]


def test_pages_of_another_branch_stay_on_it(rita_client: Client, alice: User) -> None:
    conversation = make_long_conversation(alice, 60)
    first = conversation.messages.earliest("pk")
    conversation.leaf = None
    add_message(conversation, role="user", text="Another beginning")
    conversation.save()
    page = opened(rita_client, conversation, f"?message={first.pk}")
    assert page.bodies()[0] == "Message 0"
    page = parse(rita_client.get(links(page, "Later messages")[0]))
    assert page.bodies()[-1] == "Message 59"
    page = parse(rita_client.get(links(page, "Earlier messages")[0]))
    assert page.bodies()[-1] == "Message 9"


def test_first_messages_are_versions_of_each_other(
    rita_client: Client, conversation: Conversation
) -> None:
    conversation.leaf = None
    add_message(conversation, role="user", text="Hello again")
    conversation.save()
    assert "2 of 2" in opened(rita_client, conversation).text


@pytest.mark.parametrize("name", ["message", "branch", "up_to", "past"])
@pytest.mark.parametrize("value", ["", "x", "-1", "1%00", "9" * 30, "٣", "123456789"])
def test_what_is_no_message_of_it_is_not_found(
    rita_client: Client, conversation: Conversation, name: str, value: str
) -> None:
    response = rita_client.get(address(conversation, f"?{name}={value}"))
    assert response.status_code == 404
    assert not AccessEntry.objects.exists()


def test_a_message_of_another_conversation_is_not_found(
    rita_client: Client, conversation: Conversation, bob: User
) -> None:
    other = make_conversation(bob, "Hello")
    url = address(conversation, f"?message={other.leaf_id}")
    assert rita_client.get(url).status_code == 404


def test_a_conversation_without_messages_says_so(rita_client: Client, alice: User) -> None:
    assert "no messages" in opened(rita_client, make_conversation(alice)).text
