"""What an export holds, in each of its forms."""

import csv
import io
import json

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.instructions.composing import compose_parts
from conversations.models import Conversation, Feedback, Message
from conversations.outbox import worker
from conversations.review.exports import reading, selection
from conversations.review.exports.formats import FineTuningWriter
from conversations.review.exports.reading import ExportedConversation
from conversations.review.models import Export, Hold, Label, Labelling, Note, Review
from conversations.services import system_prompts
from tests.factories import add_message, make_conversation, make_long_conversation
from tests.review.exports.exporting import URL, exported, lines, may_export, table, turns

# For fine-tuning


def test_a_conversation_is_a_line_of_messages(
    ada_client: Client, conversation: Conversation
) -> None:
    assert turns(ada_client) == [
        [("system", "Be brief."), ("user", "Hello"), ("assistant", "Hello to you.")]
    ]


def test_without_a_system_prompt_it_begins_with_the_user(
    ada_client: Client, conversation: Conversation
) -> None:
    Conversation.objects.update(system_prompt="")
    assert turns(ada_client)[0][0] == ("user", "Hello")


def test_a_name_that_the_model_was_told_is_a_pseudonym_there(
    ada_client: Client, conversation: Conversation, alice: User
) -> None:
    system_prompts.change_system_prompt(conversation, compose_parts(alice, "Greet {{name}}."))
    conversation.messages.filter(role="user").update(context_note="(Date: Friday.)")
    assert turns(ada_client)[0][:2] == [
        ("system", f"Greet {alice.pseudonym}."),
        ("user", "Hello\n\n(Date: Friday.)"),
    ]


def test_a_question_without_a_reply_at_the_end_is_left_out(
    ada_client: Client, conversation: Conversation
) -> None:
    add_message(conversation, role="user", text="And?")
    conversation.save()
    assert turns(ada_client)[0][-1] == ("assistant", "Hello to you.")


@pytest.mark.parametrize(
    ("status", "text"), [("failed", "Half"), ("complete", " "), ("streaming", "Half")]
)
def test_what_is_no_reply_is_left_out_and_questions_stand_together(
    ada_client: Client, conversation: Conversation, status: str, text: str
) -> None:
    add_message(conversation, role="user", text="One?")
    failed = add_message(conversation, role="assistant", text=text, status=status)
    add_message(conversation, role="user", text="Two?")
    Message.objects.filter(pk=failed.pk).update(status=status)
    add_message(conversation, role="assistant", text="Three.")
    conversation.save()
    assert turns(ada_client)[0][3:] == [("user", "One?\n\nTwo?"), ("assistant", "Three.")]


def test_only_the_shown_branch_is_in_it(ada_client: Client, conversation: Conversation) -> None:
    assert conversation.leaf
    add_message(
        conversation, role="assistant", text="Hi instead.", parent_id=conversation.leaf.parent_id
    )
    conversation.save()
    assert turns(ada_client)[0][-1] == ("assistant", "Hi instead.")
    assert len(turns(ada_client)[0]) == 3


def test_a_conversation_without_a_reply_makes_no_line(ada_client: Client, alice: User) -> None:
    make_conversation(alice, "Hello?")
    assert turns(ada_client) == []


def test_a_long_conversation_is_one_line(
    ada_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MESSAGES", 7)
    make_long_conversation(alice, 40)
    (line,) = turns(ada_client)
    assert [content for _role, content in line[1:]] == [f"Message {n}" for n in range(40)]
    assert [role for role, _content in line[1:3]] == ["user", "assistant"]


# Everything


def test_everything_that_reviewers_see_is_in_it(
    ada_client: Client, ada: User, alice: User, conversation: Conversation
) -> None:
    worker.process_outbox()
    reply = conversation.leaf
    assert reply
    Feedback.objects.create(
        message=reply, conversation=conversation, rating="down", comment="Too curt."
    )
    Labelling.objects.create(conversation=conversation, label=Label.objects.create(name="tone"))
    Note.objects.create(conversation=conversation, message=reply, text="Look here.", author=ada)
    (line,) = lines(ada_client, "whole")
    assert (line["id"], line["user"]) == (str(conversation.pk), alice.pseudonym)
    assert (line["labels"], line["notes"][0]["text"]) == (["tone"], "Look here.")
    assert line["review"]["state"] == "unreviewed"
    assert line["messages"][1]["feedback"]["comment"] == "Too curt."
    assert [each["text"] for each in line["messages"]] == ["Hello", "Hello to you."]


def test_all_branches_are_in_it(ada_client: Client, conversation: Conversation) -> None:
    assert conversation.leaf
    add_message(conversation, role="assistant", text="Hi.", parent_id=conversation.leaf.parent_id)
    conversation.save()
    (line,) = lines(ada_client, "whole")
    assert [each["shown"] for each in line["messages"]] == [True, False, True]


def test_a_conversation_without_messages_is_a_line_too(ada_client: Client, alice: User) -> None:
    make_conversation(alice)
    make_conversation(alice)
    assert [line["messages"] for line in lines(ada_client, "whole")] == [[], []]


@pytest.mark.parametrize("form", ["messages", "whole", "csv"])
def test_nothing_names_a_user_for_who_may_not_see_them(
    rita_client: Client, rita: User, conversation: Conversation, form: str
) -> None:
    may_export(rita)
    User.objects.filter(username="alice").update(name="Alice Liddell")
    text = exported(rita_client, form).casefold()
    assert "hello to you" in text
    assert "alice" not in text
    assert "liddell" not in text


def test_who_may_see_users_gets_their_names(ada_client: Client, conversation: Conversation) -> None:
    (line,) = lines(ada_client, "whole")
    assert (line["username"], line["email"]) == ("alice", "alice@example.com")
    assert {row["username"] for row in table(ada_client)} == {"alice"}


# As a table


def test_a_message_is_a_row(ada_client: Client, alice: User, conversation: Conversation) -> None:
    rows = table(ada_client)
    assert [row["text"] for row in rows] == ["Hello", "Hello to you."]
    assert [row["role"] for row in rows] == ["user", "assistant"]
    assert {row["user"] for row in rows} == {alice.pseudonym}


def test_formulas_are_defused(ada_client: Client, alice: User) -> None:
    make_conversation(alice, "=1+1", "@SUM(A1)", title="-2")
    rows = table(ada_client)
    assert [row["text"] for row in rows] == ["'=1+1", "'@SUM(A1)"]
    assert rows[0]["title"] == "'-2"


def test_the_mark_of_utf_8_stands_at_the_beginning_alone(ada_client: Client, alice: User) -> None:
    for _ in range(3):
        make_conversation(alice, "Grüße", "Hi")
    assert exported(ada_client, "csv").count("\ufeff") == 1


# Any text


NASTY = 'Line\u2028one\x85"two"\r\nthree, \t\\ 花 👩‍👩‍👧'


@pytest.mark.parametrize("form", ["messages", "whole"])
def test_a_line_is_one_line_to_every_reader(ada_client: Client, alice: User, form: str) -> None:
    make_conversation(alice, NASTY, NASTY)
    (line,) = exported(ada_client, form).splitlines()
    messages = json.loads(line)["messages"]
    assert (messages[-1].get("content") or messages[-1].get("text")) == NASTY


def test_a_table_holds_any_text(ada_client: Client, alice: User) -> None:
    make_conversation(alice, NASTY)
    worker.process_outbox()
    text = ada_client.post(URL, {"format": "csv"}).getvalue().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["text"] == NASTY


def test_half_a_character_becomes_a_question_mark() -> None:
    """The databases have none, but whoever fills them by other ways may."""
    review = Review(conversation=Conversation(system_prompt=""))
    writer = FineTuningWriter(ExportedConversation(review, shown={1, 2}))
    asked, reply = Message(pk=1, role="user", text="\ud83d"), Message(pk=2, text="Hi")
    written = writer.write_messages([asked, reply]) + writer.finish()
    assert json.loads(written)["messages"][0]["content"] == "?"


# Which conversations


def test_each_comes_once_in_one_order(
    ada_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "PAGE", 3)
    monkeypatch.setattr(reading, "CONVERSATIONS", 4)
    for number in range(10):
        make_conversation(alice, f"Question {number}", "Reply")
    ids = [line["id"] for line in lines(ada_client, "whole")]
    assert ids == sorted(str(pk) for pk in Conversation.objects.values_list("pk", flat=True))


def test_what_was_deleted_by_its_owner_is_for_those_who_see_holds(
    ada_client: Client, rita_client: Client, rita: User, conversation: Conversation
) -> None:
    may_export(rita)
    worker.process_outbox()
    Hold.objects.create(
        conversation=conversation,
        reason="A case.",
        owner_username="alice",
    )
    Conversation.objects.update(owner=None, is_held=True)
    (line,) = lines(ada_client, "whole")
    assert (line["username"], line["hold"]["deleted_by_owner"]) == ("alice", True)
    assert "No conversation passes" in rita_client.post(URL, {"format": "whole"}).content.decode()


def test_what_is_deleted_meanwhile_is_left_out(
    ada_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_conversation(alice, "One", "Hi")
    make_conversation(alice, "Two", "Hi")
    worker.process_outbox()
    response = ada_client.post(URL, {"format": "whole"})
    Conversation.objects.filter(pk=Review.objects.order_by("pk")[0].pk).delete()
    (line,) = response.getvalue().decode().splitlines()
    assert json.loads(line)["id"] == str(Conversation.objects.get().pk)
    export = Export.objects.get()
    assert (export.written, export.total, export.state) == (2, 2, "done")
