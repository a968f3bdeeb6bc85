"""What happens to conversations is processed once, whoever did it."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.outbox import worker
from conversations.outbox.models import Change
from conversations.review.models import Review
from conversations.search import indexing
from conversations.search.models import MessageDocument
from conversations.services.replies.streams import replies
from tests.factories import add_message, add_pending_reply, make_conversation
from tests.services.writing import at_once
from tests.waiting import wait_until


def test_a_conversation_gets_a_row_in_the_queue(conversation: Conversation, alice: User) -> None:
    worker.process_outbox()
    review = Review.objects.get()
    assert (review.conversation, review.person) == (conversation, alice.pseudonym)
    assert (review.message_count, review.state) == (2, "unreviewed")


def test_a_reply_counts_once_it_is_finished(conversation: Conversation) -> None:
    reply = add_pending_reply(conversation)
    worker.process_outbox()
    assert Review.objects.get().message_count == 2
    Message.objects.filter(pk=reply.pk).update(
        status="failed", prompt_tokens=3, completion_tokens=4
    )
    worker.process_outbox()
    review = Review.objects.get()
    assert (review.message_count, review.tokens, review.failed_count) == (3, 7, 1)


def test_a_checkpoint_is_no_change(conversation: Conversation) -> None:
    reply = add_pending_reply(conversation)
    worker.process_outbox()
    Message.objects.filter(pk=reply.pk).update(status="streaming", text="One")
    assert not Change.objects.exists()


def test_owners_are_locked_before_anything_of_theirs(conversation: Conversation) -> None:
    with CaptureQueriesContext(connection) as queries:
        worker.process_outbox()
    sql = [query["sql"] for query in queries]
    owners = next(i for i, each in enumerate(sql) if each.startswith("SELECT id FROM accounts_us"))
    theirs = [i for i, each in enumerate(sql) if "INSERT INTO" in each or "SKIP LOCKED" in each]
    assert owners < min(theirs)


def test_what_was_taken_account_of_is_forgotten(conversation: Conversation) -> None:
    assert worker.process_outbox() == 3
    assert worker.process_outbox() == 0


def test_a_conversation_that_is_gone_is_passed_over(conversation: Conversation) -> None:
    conversation.delete()
    worker.process_outbox()
    assert not Review.objects.exists()


def test_a_review_keeps_its_state(conversation: Conversation) -> None:
    worker.process_outbox()
    Review.objects.update(state="reviewed", version=3)
    add_message(conversation, role="user", text="And?")
    worker.process_outbox()
    review = Review.objects.get()
    assert (review.state, review.version, review.message_count) == ("reviewed", 3, 3)


def test_what_a_reply_took_may_be_told_after_its_end(conversation: Conversation) -> None:
    reply = add_message(conversation, role="assistant", status="interrupted", text="One")
    worker.process_outbox()
    Message.objects.filter(pk=reply.pk).update(prompt_tokens=30, completion_tokens=1)
    worker.process_outbox()
    assert Review.objects.get().tokens == 31


def test_another_title_is_a_change(conversation: Conversation) -> None:
    worker.process_outbox()
    Conversation.objects.update(title="Farewell")
    assert [change.kind for change in Change.objects.all()] == [Change.Kind.CONVERSATION]


def test_the_time_of_the_last_message_alone_is_none(conversation: Conversation) -> None:
    worker.process_outbox()
    Conversation.objects.update(last_activity_at=timezone.now())
    assert not Change.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_serving_process_follows_by_itself(alice: User) -> None:
    make_conversation(alice, "Hello", "Hi")
    follower = worker.OutboxWorker()
    follower.start()
    wait_until(lambda: not Change.objects.exists(), "the end of all events")
    follower.stop()
    assert Review.objects.get().message_count == 2


@pytest.mark.django_db(transaction=True)
def test_events_wait_while_a_crowd_is_served(alice: User) -> None:
    follower = worker.OutboxWorker()
    follower.work()
    make_conversation(alice, "Hello", "Hi")
    with ExitStack() as streams:
        for user_id in range(worker.CROWD):
            streams.enter_context(replies.open_stream(user_id, lambda: None))
        follower.work()
        assert Change.objects.exists()
    follower.work()
    assert not Change.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_fails_holds_up_no_other(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_documents = indexing.build_documents

    def failing(messages: Sequence[Message]) -> list[MessageDocument]:
        assert not any(message.text == "Evil" for message in messages)
        return build_documents(messages)

    monkeypatch.setattr(indexing, "build_documents", failing)
    make_conversation(alice, "Evil", "Hi", "Hello")
    follower = worker.OutboxWorker()
    follower.start()
    wait_until(lambda: Change.objects.count() <= 1, "the end of the other events")
    follower.stop()
    assert Review.objects.get().message_count == 3
    assert MessageDocument.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_processes_share_the_work(alice: User) -> None:
    for _ in range(30):
        make_conversation(alice, "Hello", "Hi")
    done = at_once(*[partial(worker.process_outbox, 5)] * 3)
    assert sum(count for count in done if isinstance(count, int)) == 90
    assert Review.objects.filter(message_count=2).count() == 30


def test_a_message_of_accents_alone_is_searchable_at_once(conversation: Conversation) -> None:
    """A letter with a quarter of a million of them stopped the process, again and again."""
    add_message(conversation, role="user", text="a" + 120_000 * "\u0301" + 120_000 * "\u0316")
    worker.process_outbox()
    assert MessageDocument.objects.filter(folded__startswith="a\u0316").exists()
    assert not Change.objects.exists()
