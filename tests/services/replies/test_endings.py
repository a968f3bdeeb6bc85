"""Endings of replies in files: written whole, read with care, taken up once."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from chatsite.accounts.models import UsageDay
from chatsite.jobs.processes import PROCESS
from conversations.models import Conversation, Message
from conversations.presenter import MessageView
from conversations.services.replies import endings
from conversations.services.replies.endings import Ending
from conversations.services.replies.usage import Spent
from tests.factories import add_pending_reply
from tests.processes import at_once

pytestmark = pytest.mark.django_db

WRITER = "an earlier life"
SPENT = Spent(10, None, 5, Decimal("0.00001200"), usage_estimated=True)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    endings.reserve_room()
    return tmp_path / "unsaved-replies"


@pytest.fixture
def reply(conversation: Conversation) -> Message:
    """Left behind by an earlier life, with half of its text."""
    reply = add_pending_reply(conversation)
    values = {"status": Message.Status.STREAMING, "writer": WRITER, "text": "One"}
    Message.objects.filter(pk=reply.pk).update(**values)
    return reply


def ending_of(reply: Message, **values: Any) -> Ending:
    now = timezone.now()
    known = {"status": Message.Status.COMPLETE, "text": "One — ‘two’ 三", "finished_at": now}
    return Ending(reply.pk, reply.conversation.owner_id, WRITER, known | values, SPENT)


def test_what_comes_out_is_what_went_in(reply: Message) -> None:
    ending = ending_of(reply, html="<p>One</p>", html_version=9)
    read = endings.load_ending(endings.dump_ending(ending))
    assert read.spent == SPENT
    assert read.values == ending.values | {"html": "", "html_version": 0}


def test_a_reply_is_saved_from_its_file(reply: Message, folder: Path) -> None:
    endings.write_ending(ending_of(reply))
    assert endings.take_up_endings() == 1
    reply.refresh_from_db()
    assert (reply.status, reply.text) == ("complete", "One — ‘two’ 三")
    assert "‘two’" in MessageView(reply).html
    assert UsageDay.objects.get().completion_tokens == 5
    assert [path.name for path in folder.iterdir()] == ["reserve"]


def test_words_that_others_did_not_know_are_added_to_a_reply_they_ended(reply: Message) -> None:
    endings.write_ending(ending_of(reply, reasoning="Let me think."))
    Message.objects.filter(pk=reply.pk).update(status=Message.Status.INTERRUPTED)
    endings.take_up_endings()
    reply.refresh_from_db()
    assert (reply.status, reply.text) == ("interrupted", "One — ‘two’ 三")
    assert reply.reasoning == "Let me think."


def test_a_message_of_another_database_is_left_alone(reply: Message) -> None:
    endings.write_ending(ending_of(reply))
    Message.objects.filter(pk=reply.pk).update(writer="somebody else")
    endings.take_up_endings()
    reply.refresh_from_db()
    assert (reply.status, reply.text) == ("streaming", "One")
    assert not UsageDay.objects.filter(completion_tokens__gt=0).exists()


def test_a_conversation_that_was_deleted_stays_deleted(reply: Message, folder: Path) -> None:
    endings.write_ending(ending_of(reply))
    reply.conversation.delete()
    endings.take_up_endings()
    assert not Message.objects.exists()
    assert not list(folder.glob("*.json"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"format": 1, "sum": "", "ending": "{}"}',
        b'{"format": 2}',
        b"null",
        b"\x00" * 4096,
    ],
)
def test_a_file_that_can_not_be_read_is_set_aside(
    reply: Message, folder: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    endings.write_ending(ending_of(reply))
    (folder / "a.json").write_bytes(content)
    assert endings.take_up_endings() == 1
    assert (folder / "a.unreadable").read_bytes() == content
    assert "was set aside" in caplog.text


@pytest.mark.parametrize("cut", [1, 100, 200])
def test_a_file_that_is_not_whole_is_set_aside(reply: Message, folder: Path, cut: int) -> None:
    endings.write_ending(ending_of(reply))
    [path] = folder.glob("*.json")
    path.write_bytes(path.read_bytes()[:-cut])
    assert endings.take_up_endings() == 0
    reply.refresh_from_db()
    assert reply.text == "One"


def test_values_that_no_message_can_have_are_set_aside(reply: Message, folder: Path) -> None:
    endings.write_ending(ending_of(reply, conversation_id=None))
    assert endings.take_up_endings() == 0
    assert list(folder.glob("*.unreadable"))


def test_what_is_left_of_a_broken_write_is_removed(folder: Path) -> None:
    (folder / "tmp123.draft").touch()
    endings.take_up_endings()
    assert not list(folder.glob("*.draft"))


def test_a_reply_that_was_never_claimed_needs_no_file(reply: Message, folder: Path) -> None:
    ending = ending_of(reply)
    assert endings.write_ending(Ending(ending.message, ending.owner, "", ending.values, None))
    assert not list(folder.glob("*.json"))


def test_processes_that_start_at_once_take_up_each_file_once(folder: Path) -> None:
    # Their messages have been deleted since.
    for number in range(200):
        endings.write_ending(Ending(10**9 + number, None, WRITER, {"text": "One"}, None))
    script = """
from conversations.services.replies import endings
wait()
print(endings.take_up_endings())
"""
    counts = at_once(script, [], [], DATA_DIR=str(folder.parent))
    assert sum(map(int, counts)) >= 200
    assert not list(folder.glob("*.json"))


def test_what_a_living_process_is_about_to_write_stays(folder: Path) -> None:
    own, dead = folder / f"{PROCESS.hex}-x.draft", folder / f"{'0' * 32}-x.draft"
    own.touch()
    dead.touch()
    endings.take_up_endings()
    assert own.exists()
    assert not dead.exists()
