"""The dashboard, narrowed to an assistant or one of its versions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.models import Assistant, AssistantVersion, Conversation, Message
from conversations.review.models import AccessEntry
from tests.factories import add_message, make_assistant
from tests.review.stats.pages import PAGE, rows, tiles
from tests.views.html import parse

type Chat = Callable[..., Conversation]


@pytest.fixture
def fox(alice: User) -> Assistant:
    """A shared one, which is in its second version."""
    made = make_assistant(alice)
    made.is_for_all = True
    made.latest = AssistantVersion.objects.create(assistant=made, number=2, name="Fox")
    made.save()
    return made


@pytest.fixture
def chat(fox: Assistant, alice: User) -> Chat:
    """Makes a question and its reply in a conversation with one of its versions."""

    def chat(owner: User = alice, version: int | None = 2, **reply: Any) -> Conversation:
        conversation = Conversation.objects.create(owner=owner, title="Hens", model="test-model")
        if version:
            conversation.assistant = fox
            conversation.assistant_version = fox.versions.get(number=version)
            conversation.save()
        created = reply.get("created_at", timezone.now())
        add_message(conversation, role="user", text="Where?", created_at=created)
        add_message(conversation, **{"role": "assistant", "text": "There.", **reply})
        return conversation

    return chat


def in_all(client: Client, fox: Assistant, name: str, query: str = "") -> list[str]:
    """What the days have that have any."""
    days = rows(client, "days", f"?assistant={fox.pk}{query}")
    return [day[name] for day in days if day["messages"] != "0"]


def test_only_conversations_with_it_are_counted(
    rita_client: Client, fox: Assistant, chat: Chat
) -> None:
    chat(prompt_tokens=30, completion_tokens=5, cost_usd="0.25")
    chat(version=None, prompt_tokens=1000)
    assert in_all(rita_client, fox, "prompt_tokens") == ["30"]
    assert [float(cost) for cost in in_all(rita_client, fox, "cost_usd")] == [0.25]


def test_one_version_is_counted_by_itself(rita_client: Client, fox: Assistant, chat: Chat) -> None:
    chat(version=1)
    chat(version=2)
    chat(version=2)
    assert in_all(rita_client, fox, "messages") == ["3"]
    assert in_all(rita_client, fox, "messages", "&version=2") == ["2"]
    assert in_all(rita_client, fox, "messages", "&version=3") == []


def test_a_message_counts_on_its_day(rita_client: Client, fox: Assistant, chat: Chat) -> None:
    chat(created_at=timezone.now() - timedelta(days=2))
    days = rows(rita_client, "days", f"?assistant={fox.pk}&days=7")
    assert [day["messages"] for day in days] == ["0"] * 4 + ["1", "0", "0"]


def test_how_replies_ended_is_counted(rita_client: Client, fox: Assistant, chat: Chat) -> None:
    for status in ("complete", "failed", "stopped", "streaming"):
        chat(status=status)
    names = ("replies", "failed_replies", "stopped_replies")
    assert [in_all(rita_client, fox, name) for name in names] == [["3"], ["1"], ["1"]]


def test_a_copy_is_counted_where_it_is_from(
    rita_client: Client, fox: Assistant, chat: Chat
) -> None:
    copy = chat()
    copy.messages.update(copied_from=1)
    chat()
    assert in_all(rita_client, fox, "messages") == ["1"]


@pytest.mark.parametrize("seconds", [0.0004, 0.12, 3.0])
def test_times_are_those_of_first_words(
    rita_client: Client, fox: Assistant, chat: Chat, seconds: float
) -> None:
    begun = timezone.now()
    for _ in range(3):
        chat(started_at=begun, first_token_at=begun + timedelta(seconds=seconds))
    chat(started_at=begun)
    [found] = in_all(rita_client, fox, "first_token_p50_seconds")
    assert float(found) == pytest.approx(max(seconds, 0.001), rel=0.03)


def test_a_continued_reply_has_no_first_words(
    rita_client: Client, fox: Assistant, chat: Chat
) -> None:
    begun = timezone.now()
    chat(started_at=begun, first_token_at=begun + timedelta(seconds=9), base_length=4)
    assert in_all(rita_client, fox, "first_token_p50_seconds") == [""]


def test_users_are_counted_once(
    rita_client: Client, fox: Assistant, chat: Chat, alice: User, bob: User
) -> None:
    for owner in (alice, alice, bob):
        chat(owner)
    assert tiles(rita_client, f"?assistant={fox.pk}")["Active users"] == "2"


@pytest.mark.parametrize("by", ["model", "group", "user", "assistant"])
def test_it_is_broken_down_as_the_site_is(
    rita_client: Client, fox: Assistant, chat: Chat, alice: User, bob: User, by: str
) -> None:
    alice.groups.add(Group.objects.create(name="Sales"), Group.objects.get(name="user"))
    chat(alice, requested_model="other-model")
    chat(bob, version=None)
    Message.objects.filter(role="user").update(requested_model="other-model")
    [line] = rows(rita_client, "breakdown", f"?assistant={fox.pk}&by={by}")
    names = {
        "model": "other-model",
        "group": "Sales",
        "user": f"User {alice.pseudonym}",
        "assistant": "Fox · 2",
    }
    assert (line[by], line["messages"]) == (names[by], "1")


def test_the_page_keeps_what_was_chosen(rita_client: Client, fox: Assistant, chat: Chat) -> None:
    chat()
    page = parse(rita_client.get(f"{PAGE}?assistant={fox.pk}&version=2&days=7"))
    assert page.one("option", value=str(fox.pk), selected="").text == "Fox"
    assert "Of conversations that are there and have this assistant now." in page.text
    links = [link["href"] for link in page.all("a") if link["href"].startswith("?")]
    assert len(links) > 10
    assert all(str(fox.pk) in link and "version=2" in link for link in links)


def test_those_that_are_shared_can_be_chosen(rita_client: Client, fox: Assistant) -> None:
    page = parse(rita_client.get(PAGE))
    assert page.one("option", value=str(fox.pk)).text == "Fox"


def test_without_shared_assistants_there_is_nothing_to_choose(
    rita_client: Client, alice: User
) -> None:
    make_assistant(alice)
    assert not parse(rita_client.get(PAGE)).all("select", name="assistant")


def test_an_assistant_that_nobody_used_says_so(rita_client: Client, fox: Assistant) -> None:
    page = parse(rita_client.get(f"{PAGE}?assistant={fox.pk}"))
    assert "No conversation that is there had this assistant in these days." in page.text


def test_a_users_own_one_cannot_be_chosen(rita_client: Client, alice: User) -> None:
    own = make_assistant(alice)
    assert rita_client.get(f"{PAGE}csv/days/?assistant={own.pk}").status_code == 404


def test_the_access_log_says_which_it_was(rita_client: Client, fox: Assistant) -> None:
    rows(rita_client, "days", f"?assistant={fox.pk}&version=1&days=7")
    wanted = {"what": "days", "by": "model", "days": 7, "assistant": str(fox.pk), "version": 1}
    assert AccessEntry.objects.get().details == wanted
