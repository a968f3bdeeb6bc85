"""A finished reply that the database doesn't take: it is tried again until the process ends."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import UsageDay
from chatsite.server import lifecycle
from conversations.models import Conversation, Message
from conversations.offline_model import Gate, OfflineModel
from conversations.services.replies import endings, recovery, worker
from conversations.services.replies.channel import LiveReply, get_channel
from tests.factories import add_pending_reply
from tests.server.metrics.scraping import TOKEN, Rise, read_sample
from tests.server.outages import locked_database
from tests.services.conftest import TEXT
from tests.services.writing import TIMEOUT, live_reply, start_reply, wait_for_text

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite: one writer"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Of the endings, for this test alone."""
    settings.DATA_DIR = tmp_path
    endings.reserve_room()
    return tmp_path / "unsaved-replies"


@pytest.fixture
def outage() -> Iterator[ExitStack]:
    """Of the database; it is over when the test closes it."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def unsaved(conversation: Conversation, gate: Gate, outage: ExitStack) -> LiveReply:
    """A reply that was written to its end while another process held the lock."""
    reply = start_reply(conversation)
    gate.release(2)
    wait_for_text(reply, "One two")
    outage.enter_context(locked_database())
    gate.open()
    assert reply.wait_written(TIMEOUT)
    return reply


def message_of(reply: LiveReply) -> Message:
    return Message.objects.get(pk=reply.pk)


def test_it_is_saved_once_the_database_takes_it(
    unsaved: LiveReply, outage: ExitStack, folder: Path
) -> None:
    outage.close()
    assert unsaved.wait_done(TIMEOUT)
    assert (message_of(unsaved).status, message_of(unsaved).text) == ("complete", TEXT)
    assert UsageDay.objects.get().completion_tokens == message_of(unsaved).completion_tokens
    assert not list(folder.glob("*.json"))


def test_it_stays_live_with_every_word(unsaved: LiveReply) -> None:
    assert get_channel().follow_reply(unsaved.pk) is unsaved
    assert (unsaved.text, unsaved.done) == (TEXT, False)


def test_who_follows_it_is_told_that_it_is_not_saved(
    alice_client: Client, conversation: Conversation, unsaved: LiveReply
) -> None:
    response = alice_client.get(f"{conversation.get_absolute_url()}messages/{unsaved.pk}/stream/")
    events = iter(response)
    assert TEXT in next(events).decode()
    told = next(events).decode()
    assert "Not saved yet: the server can’t write to its database." in told
    assert "triangle-alert" in told
    response.close()


def test_stopping_it_takes_no_word_from_the_page(
    alice_client: Client, conversation: Conversation, unsaved: LiveReply
) -> None:
    headers = {"HX-Request": "true"}
    response = alice_client.post(f"{conversation.get_absolute_url()}stop/", headers=headers)
    assert (response.status_code, response.content) == (204, b"")


def test_it_is_in_a_file_that_only_its_owner_can_read(unsaved: LiveReply, folder: Path) -> None:
    [path] = folder.glob("*.json")
    assert path.stat().st_mode & 0o777 == 0o600
    assert endings.load_ending(path.read_text()).values["text"] == TEXT


def test_an_end_of_the_process_leaves_it_in_the_file(unsaved: LiveReply, outage: ExitStack) -> None:
    lifecycle.stop_workers()
    assert unsaved.done
    outage.close()
    assert message_of(unsaved).status == "streaming"
    recovery.recover_replies()
    assert (message_of(unsaved).status, message_of(unsaved).text) == ("complete", TEXT)


def test_one_that_is_stopped_by_the_end_of_the_process_is_kept_too(
    conversation: Conversation, gate: Gate, outage: ExitStack, settings: Settings
) -> None:
    reply = start_reply(conversation)
    gate.release(2)
    wait_for_text(reply, "One two")
    outage.enter_context(locked_database())
    lifecycle.stop_workers()
    outage.close()
    recovery.recover_replies()
    assert (message_of(reply).status, message_of(reply).text) == ("interrupted", "One two")


def test_the_next_start_counts_it_once(unsaved: LiveReply, outage: ExitStack) -> None:
    lifecycle.stop_workers()
    outage.close()
    copies = {path: path.read_text() for path in endings.find_endings_folder().glob("*.json")}
    for _ in range(2):
        for path, content in copies.items():
            path.write_text(content)
        recovery.recover_replies()
    assert UsageDay.objects.get().completion_tokens == message_of(unsaved).completion_tokens


def test_a_start_without_the_database_takes_it_up_once_it_is_back(
    unsaved: LiveReply, outage: ExitStack
) -> None:
    lifecycle.stop_workers()
    lifecycle.start_workers()
    outage.close()
    while message_of(unsaved).status != "complete":
        unsaved.wait_written(0.05)
    lifecycle.stop_workers()


def test_a_reply_that_can_not_be_begun_says_why(
    conversation: Conversation, model: OfflineModel, outage: ExitStack
) -> None:
    message = add_pending_reply(conversation)
    outage.enter_context(locked_database())
    worker.start_writer(message)
    reply = live_reply(message.pk)
    assert reply.wait_written(TIMEOUT)
    outage.close()
    assert reply.wait_done(TIMEOUT)
    assert (message_of(reply).status, message_of(reply).error_code) == ("failed", "database")
    assert not model.requests


@pytest.fixture
def metrics(settings: Settings) -> Rise:
    settings.METRICS_TOKEN = TOKEN
    return Rise("chatsite_saving_failures_total")


def test_metrics_count_what_the_database_did_not_take(metrics: Rise, unsaved: LiveReply) -> None:
    assert metrics() >= 1
    assert read_sample("chatsite_live_replies", state="unsaved") == 1
