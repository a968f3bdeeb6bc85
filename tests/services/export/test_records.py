"""A conversation in the ZIP of everything of one user, as JSON."""

from decimal import Decimal

import pytest

from chatsite.accounts.models import User
from conversations.models import Conversation, Feedback
from tests.factories import make_conversation, make_folder, make_long_conversation, owner_of
from tests.files import add_image
from tests.services.export.archives import (
    add_sibling,
    downloaded,
    read_json,
    the_conversation,
    the_transcript,
)


def test_thinking_is_in_the_record_and_apart_in_the_markdown(conversation: Conversation) -> None:
    conversation.messages.filter(role="assistant").update(reasoning="Hm.\n# Oh.")
    assert the_conversation(owner_of(conversation))["messages"][1]["reasoning"] == "Hm.\n# Oh."
    thinking = "> *Thinking*\n>\n> Hm.\n> # Oh.\n\nHello to you."
    assert thinking in the_transcript(owner_of(conversation))


def test_folders_are_in_it_and_each_conversation_names_its_own(conversation: Conversation) -> None:
    owner = owner_of(conversation)
    assert the_conversation(owner)["folder"] is None
    conversation.folder = make_folder(owner)
    conversation.save()
    (folder,) = read_json(downloaded(owner), "folders.json")
    assert (folder["name"], folder["color"]) == ("Work", conversation.folder.color)
    assert the_conversation(owner)["folder"] == "Work"


def test_a_record_has_everything(conversation: Conversation) -> None:
    conversation.messages.filter(role="assistant").update(
        prompt_tokens=7, cost_usd=Decimal("0.00001"), finish_reason="stop"
    )
    record = the_conversation(owner_of(conversation))
    assert (record["system_prompt"], record["model"]) == ("Be brief.", "test-model")
    assert record["created_at"] == "2025-03-01T23:30:00Z"
    question, reply = record["messages"]
    assert (question["text"], question["parent"]) == ("Hello", None)
    assert (reply["parent"], reply["status"]) == (question["id"], "complete")
    assert (reply["prompt_tokens"], reply["cost_usd"]) == (7, "0.00001000")
    assert record["shown_branch_ends_with"] == reply["id"]


def test_a_record_has_the_feedback(conversation: Conversation) -> None:
    Feedback.objects.create(
        message=conversation.messages.latest("pk"),
        conversation=conversation,
        rating="down",
        comment="No.",
    )
    question, reply = the_conversation(owner_of(conversation))["messages"]
    assert question["feedback"] is None
    assert (reply["feedback"]["rating"], reply["feedback"]["comment"]) == ("down", "No.")


def test_a_record_names_the_files(conversation: Conversation) -> None:
    message = conversation.messages.earliest("pk")
    file = add_image(message, size=(64, 48))
    question, reply = the_conversation(owner_of(conversation))["messages"]
    assert reply["files"] == []
    (record,) = question["files"]
    assert (record["name"], record["kind"], record["size"]) == ("cat.png", "image", file.size)
    assert (record["width"], record["height"]) == (64, 48)


def test_a_record_has_every_branch(conversation: Conversation) -> None:
    add_sibling(conversation, "A second try.")
    texts = [message["text"] for message in the_conversation(owner_of(conversation))["messages"]]
    assert texts == ["Hello", "Hello to you.", "A second try."]


@pytest.mark.parametrize("length", [1, 100, 101, 250])
def test_a_record_of_any_length_is_whole(alice: User, length: int) -> None:
    make_long_conversation(alice, length)
    texts = [message["text"] for message in the_conversation(alice)["messages"]]
    assert texts == [f"Message {number}" for number in range(length)]


def test_a_record_of_an_empty_conversation_is_json(alice: User) -> None:
    make_conversation(alice)
    assert the_conversation(alice)["messages"] == []
