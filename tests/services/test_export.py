"""The ZIP of everything of one user."""

import io
import json
import uuid
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from chatsite.accounts.models import Limit, UsageDay, User
from conversations.models import Conversation, Feedback
from conversations.prompt_library.files import read_file
from conversations.services import export
from tests.factories import (
    add_message,
    make_conversation,
    make_folder,
    make_long_conversation,
    owner_of,
)
from tests.files import add_image, add_text
from tests.prompt_library.factories import make_prompt

CREATED = datetime(2025, 3, 1, 23, 30, tzinfo=UTC)


def downloaded(user: User) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(export.make_archive(user=user))))
    assert archive.testzip() is None
    return archive


def read_json(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


def the_conversation(user: User) -> Any:
    archive = downloaded(user)
    (name,) = [name for name in archive.namelist() if name.endswith(".json") and "/" in name]
    return read_json(archive, name)


def the_transcript(user: User) -> str:
    archive = downloaded(user)
    (name,) = [name for name in archive.namelist() if name.endswith(".md")]
    return archive.read(name).decode()


def names(user: User) -> list[str]:
    """Of the transcripts, without folder and extension."""
    found = downloaded(user).namelist()
    return [name.removeprefix("conversations/")[:-3] for name in found if name.endswith(".md")]


@pytest.fixture
def conversation(alice: User) -> Conversation:
    conversation = make_conversation(alice, "Hello", "Hello to you.")
    Conversation.objects.filter(pk=conversation.pk).update(created_at=CREATED)
    return conversation


def test_what_is_in_it(conversation: Conversation) -> None:
    stem = f"conversations/2025-03-01 Greetings {conversation.pk.hex[:8]}"
    assert downloaded(owner_of(conversation)).namelist() == [
        "README.txt",
        "account.json",
        f"{stem}.json",
        f"{stem}.md",
    ]


def test_somebody_without_conversations_gets_their_account(alice: User) -> None:
    assert downloaded(alice).namelist() == ["README.txt", "account.json"]


def test_nothing_of_others_is_in_it(conversation: Conversation, bob: User) -> None:
    archive = downloaded(bob)
    assert len(archive.namelist()) == 2
    assert b"alice" not in archive.read("account.json")


def test_the_read_me_says_whose_and_when(alice: User) -> None:
    text = downloaded(alice).read("README.txt").decode()
    assert text.startswith("Everything that this chat keeps of alice\nMade on ")
    assert "(UTC)" in text


# account.json


@pytest.fixture
def account(alice: User) -> Any:
    EmailAddress.objects.create(user=alice, email="alice@example.com", verified=True)
    Authenticator.objects.create(user=alice, type="totp", data={"secret": "s3cret"})
    UserSession.objects.create(user=alice, ip="192.0.2.7", user_agent="Lynx", session_key="s3cret")
    Limit.objects.create(user=alice, usd_per_month=5)
    UsageDay.objects.create(user=alice, day=date(2025, 3, 1), messages=3, cost_usd="0.00000001")
    return read_json(downloaded(alice), "account.json")


def test_the_account_is_complete(account: Any) -> None:
    assert account["profile"]["username"] == "alice"
    assert account["profile"]["role"] == "user"
    assert account["email_addresses"][0]["address"] == "alice@example.com"
    assert account["second_factors"][0]["kind"] == "totp"
    assert account["sessions"][0]["ip_address"] == "192.0.2.7"
    assert account["limits"][0]["usd_per_month"] == "5.00"
    assert account["usage_by_day"][0]["cost_usd"] == "0.00000001"
    assert account["preferences"]["theme"] == "system"


def test_no_secret_is_in_it(account: Any, alice: User) -> None:
    text = json.dumps(account)
    assert "s3cret" not in text
    assert alice.password not in text


# folders.json, and the record of a conversation


def test_folders_are_in_it_and_each_conversation_names_its_own(conversation: Conversation) -> None:
    owner = owner_of(conversation)
    assert the_conversation(owner)["folder"] is None
    conversation.folder = make_folder(owner)
    conversation.save()
    (folder,) = read_json(downloaded(owner), "folders.json")
    assert (folder["name"], folder["color"]) == ("Work", conversation.folder.color)
    assert the_conversation(owner)["folder"] == "Work"


def test_prompts_are_in_it_as_a_file_that_can_be_imported(alice: User, bob: User) -> None:
    assert "prompts.json" not in downloaded(alice).namelist()
    prompt = make_prompt(alice)
    make_prompt(bob, "other", is_for_all=True)
    (content,) = read_file(downloaded(alice).read("prompts.json"))
    assert (content.name, content.text) == (prompt.name, prompt.text)


def test_thinking_is_in_the_record_and_apart_in_the_markdown(conversation: Conversation) -> None:
    conversation.messages.filter(role="assistant").update(reasoning="Hm.\n# Oh.")
    assert the_conversation(owner_of(conversation))["messages"][1]["reasoning"] == "Hm.\n# Oh."
    archive = downloaded(owner_of(conversation))
    (name,) = [name for name in archive.namelist() if name.endswith(".md")]
    assert "> *Thinking*\n>\n> Hm.\n> # Oh.\n\nHello to you." in archive.read(name).decode()


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


def test_a_transcript_names_the_files(conversation: Conversation) -> None:
    message = conversation.messages.earliest("pk")
    add_image(message, "my_cat[1].png", content=bytes(2048))
    add_text(message)
    named = "- my\\_cat\\[1\\].png (Image, 2.0\xa0KB)\n- notes.txt (Text, 9\xa0bytes)\n\nHello\n"
    assert named in the_transcript(owner_of(conversation))


def test_a_record_has_every_branch(conversation: Conversation) -> None:
    add_sibling(conversation, "A second try.")
    texts = [message["text"] for message in the_conversation(owner_of(conversation))["messages"]]
    assert texts == ["Hello", "Hello to you.", "A second try."]


def add_sibling(conversation: Conversation, text: str) -> None:
    assert conversation.leaf
    add_message(conversation, role="assistant", parent_id=conversation.leaf.parent_id, text=text)
    conversation.save(update_fields=["leaf"])


@pytest.mark.parametrize("length", [1, 100, 101, 250])
def test_a_record_of_any_length_is_whole(alice: User, length: int) -> None:
    make_long_conversation(alice, length)
    texts = [message["text"] for message in the_conversation(alice)["messages"]]
    assert texts == [f"Message {number}" for number in range(length)]


def test_a_record_of_an_empty_conversation_is_json(alice: User) -> None:
    make_conversation(alice)
    assert the_conversation(alice)["messages"] == []


# The transcript


def test_a_transcript_is_to_be_read(conversation: Conversation) -> None:
    text = the_transcript(owner_of(conversation))
    assert text.startswith("# Greetings\n\nBegun 1 March 2025, 23:30")
    assert "## Instructions\n\nBe brief.\n\n## You, " in text
    assert text.index("\n\nHello\n\n") < text.index("## test-model, ")
    assert text.endswith("\n\nHello to you.\n\n")


def test_a_transcript_has_the_shown_branch(conversation: Conversation) -> None:
    add_sibling(conversation, "A second try.")
    text = the_transcript(owner_of(conversation))
    assert "A second try." in text
    assert "Hello to you." not in text


def test_a_transcript_says_how_a_reply_ended(conversation: Conversation) -> None:
    conversation.messages.filter(role="assistant").update(status="stopped")
    assert "\n\n*This reply was stopped.*\n\n" in the_transcript(owner_of(conversation))


def test_times_are_the_readers_own(conversation: Conversation) -> None:
    User.objects.update(time_zone="Pacific/Kiritimati")
    alice = User.objects.get()
    assert "2 March 2025, 13:30" in the_transcript(alice)
    assert names(alice)[0].startswith("2025-03-02 ")


CODE = "```python\nprint('# no heading')\n```"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"Look:\n\n{CODE}\n\nDone.", f"Look:\n\n{CODE}\n\nDone.\n\n"),
        ("~~~~\n```\n~~~~", "~~~~\n```\n~~~~\n\n"),
        ("```python\nprint(", "```python\nprint(\n```\n\n"),
        ("~~~~\nprint(\n~~~", "~~~~\nprint(\n~~~\n~~~~\n\n"),
        ("```inline``` code", "```inline``` code\n\n"),
        ("```\n```python", "```\n```python\n```\n\n"),
    ],
)
def test_code_survives_and_swallows_nothing(alice: User, text: str, kept: str) -> None:
    make_conversation(alice, "Code?", text)
    assert the_transcript(alice).endswith(f"\n\n{kept}")


# Names


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Où est la bibliothèque ?", "Où est la bibliothèque"),
        ("日本語の題名", "日本語の題名"),
        ('a/b\\c:d*e?f"g<h>i|j', "a b c d e f g h i j"),
        ("../../etc/passwd", "etc passwd"),
        ("line\nbreak\x01\x1f", "line break"),
        ("\u202egnp.exe", "gnp.exe"),
        ("ends with dots... ", "ends with dots"),
        ("CON", "CON"),
        ("é" * 120, "é" * 60),
    ],
)
def test_a_title_becomes_a_name_that_every_system_takes(alice: User, title: str, name: str) -> None:
    conversation = make_conversation(alice, title=title)
    Conversation.objects.update(created_at=CREATED)
    assert names(alice) == [f"2025-03-01 {name} {conversation.pk.hex[:8]}"]


@pytest.mark.parametrize("title", ["???", "", "\u200b"])
def test_a_title_without_letters_leaves_date_and_id(alice: User, title: str) -> None:
    conversation = make_conversation(alice, title=title)
    Conversation.objects.update(created_at=CREATED)
    assert names(alice) == [f"2025-03-01 {conversation.pk.hex[:8]}"]


def test_names_differ_also_where_case_does_not_count(alice: User) -> None:
    for number, title in enumerate(["Talk", "TALK", "talk"]):
        pk = uuid.UUID(f"12345678-0000-4000-8000-00000000000{number}")
        Conversation.objects.create(pk=pk, owner=alice, title=title, created_at=CREATED)
    assert len({name.casefold() for name in names(alice)}) == 3


def test_names_outside_of_ascii_say_that_they_are_utf_8(alice: User) -> None:
    make_conversation(alice, title="日本語")
    assert downloaded(alice).infolist()[-1].flag_bits & 0x800
