"""A message that kills the process while it is indexed stops nothing but its own search."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from chatsite.accounts.models import User
from chatsite.jobs import attempts
from chatsite.jobs.models import CrashedItem
from conversations.models import Conversation
from conversations.outbox import crashed_events, worker
from conversations.outbox.models import Change
from conversations.review.models import Review
from conversations.search.models import MessageDocument
from tests.factories import make_conversation
from tests.jobs.dying import run_serving

pytestmark = pytest.mark.django_db(transaction=True)

# An index that dies of one word, as it would of a fault in what it is written with.
DRAIN = """
from conversations.outbox import worker
from conversations.search import indexing
build_documents = indexing.build_documents
def deadly(messages):
    if any("deadly" in message.text for message in messages):
        os._exit(9)
    return build_documents(messages)
indexing.build_documents = deadly
worker.process_outbox()
"""


@pytest.fixture(autouse=True)
def recording(transactional_db: None) -> Iterator[None]:
    yield
    attempts.stop_recording()


@pytest.fixture
def deadly(alice: User) -> Conversation:
    make_conversation(alice, "Before", "Hi")
    return make_conversation(alice, "A deadly word", "Hello")


@pytest.fixture
def aside(deadly: Conversation) -> CrashedItem:
    """The process died of it twice."""
    message = deadly.messages.get(text="A deadly word")
    return CrashedItem.objects.create(
        job="review", item=f"message {message.pk}", crashes=2, set_aside_at=timezone.now()
    )


def test_the_process_dies_of_it_twice_and_it_alone_is_set_aside(deadly: Conversation) -> None:
    assert [run_serving(DRAIN) for _ in range(3)] == [9, 9, 0]
    assert not Change.objects.exists()
    message = deadly.messages.get(text="A deadly word")
    (aside,) = CrashedItem.objects.all()
    assert (aside.item, aside.crashes) == (f"message {message.pk}", 2)


def test_everything_else_is_searchable(aside: CrashedItem) -> None:
    worker.process_outbox()
    found = MessageDocument.objects.values_list("message__text", flat=True)
    assert sorted(found) == ["Before", "Hello", "Hi"]


def test_its_conversation_is_in_the_queue_and_counted(
    aside: CrashedItem, deadly: Conversation
) -> None:
    worker.process_outbox()
    assert Review.objects.get(pk=deadly.pk).message_count == 2
    assert CrashedItem.objects.exists()


def test_tried_again_it_is_found_once_it_kills_no_more(
    aside: CrashedItem, deadly: Conversation
) -> None:
    worker.process_outbox()
    attempts.try_again(aside)
    worker.process_outbox()
    assert MessageDocument.objects.filter(folded__startswith="a deadly word").exists()
    assert Review.objects.get(pk=deadly.pk).message_count == 2
    assert not CrashedItem.objects.exists()


def test_tried_again_in_vain_it_is_set_aside_after_one_death(aside: CrashedItem) -> None:
    worker.process_outbox()
    attempts.try_again(aside)
    assert [run_serving(DRAIN) for _ in range(2)] == [9, 0]
    assert CrashedItem.objects.get().set_aside_at is not None


def test_a_message_that_was_deleted_is_not_tried_again(
    aside: CrashedItem, deadly: Conversation
) -> None:
    deadly.delete()
    attempts.try_again(aside)
    assert not Change.objects.filter(kind=Change.Kind.TEXT).exists()


def test_a_change_that_kills_without_its_text_as_well_holds_up_no_other(
    aside: CrashedItem,
) -> None:
    CrashedItem.objects.update(crashes=3)
    worker.process_outbox()
    assert [crashed_events.name_event(change) for change in Change.objects.all()] == [aside.item]
