"""Files are found by name and text, by their owner and in review, and rules look at them."""

import io
import zipfile

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations import own_search
from conversations.attachments import storage
from conversations.models import Conversation, Message
from conversations.outbox import worker
from conversations.review.models import Flag, Rule
from conversations.services import export
from tests.attachments.factories import make_image, make_sent_file, make_text_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(alice: User, conversation: Conversation) -> Message:
    """Of alice, with a file that says what the message doesn't."""
    message = conversation.messages.earliest("pk")
    file = make_text_file(alice, "The lighthouse keeper sleeps.", name="Harbour report.txt")
    make_sent_file(message, file)
    return message


@pytest.mark.parametrize("words", ["lighthouse", "harbour report", "hello lighthouse"])
def test_a_message_is_found_by_what_its_file_says(
    alice: User, message: Message, words: str
) -> None:
    worker.process_outbox()
    (hit,) = own_search.search_messages(alice, words).rows
    assert hit.message == message
    assert "<mark>" in hit.excerpt


def test_others_do_not_find_it(bob: User, message: Message) -> None:
    worker.process_outbox()
    assert not own_search.search_messages(bob, "lighthouse").rows


def test_reviewers_find_it(rita_client: Client, message: Message) -> None:
    worker.process_outbox()
    page = rita_client.get("/admin/review/review/search/?q=lighthouse").content.decode()
    assert "<mark>lighthouse</mark> keeper" in page


def test_a_rule_looks_at_the_text_of_files(message: Message) -> None:
    Rule.objects.create(name="Sleep", kind="words", text="sleeps")
    worker.process_outbox()
    assert Flag.objects.get().message == message


def test_ones_data_has_the_files(alice: User, message: Message) -> None:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(export.make_archive(user=alice))))
    (name,) = [name for name in archive.namelist() if "files/" in name]
    assert name.endswith("Harbour report.txt")
    assert archive.read(name) == b"The lighthouse keeper sleeps."


def test_a_file_whose_bytes_are_lost_does_not_break_ones_data(
    alice: User, conversation: Conversation
) -> None:
    file = make_sent_file(conversation.messages.earliest("pk"), make_image(alice))
    storage.remove_content(file.content_key)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(export.make_archive(user=alice))))
    assert archive.testzip() is None
