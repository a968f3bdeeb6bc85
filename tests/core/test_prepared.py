"""Queries that are compiled once find what the ORM finds, and as the ORM would."""

import threading
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from django.db.models import BigIntegerField, DateTimeField, Model
from django.forms import model_to_dict
from django.utils import timezone

from chatsite.accounts.models import User
from chatsite.core.prepared import PreparedInsert, PreparedQuery, Slot
from conversations import queries, tree
from conversations.models import Conversation, Feedback, Message
from conversations.services.replies import prompts
from tests.factories import add_message, make_conversation

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def fields_of(instance: Model) -> dict[str, object]:
    return {
        name: value for name, value in vars(instance).items() if name not in ("_state", "_peers")
    }


@pytest.fixture
def by_age() -> PreparedQuery[Message]:
    return PreparedQuery(
        lambda: Message.objects.filter(
            pk__gte=Slot("pk", BigIntegerField()), created_at__lte=Slot("now", DateTimeField())
        )
    )


def test_a_row_has_every_field_as_the_orm_reads_it(
    conversation: Conversation, by_age: PreparedQuery[Message]
) -> None:
    found = by_age.fetch(pk=0, now=timezone.now())
    assert [fields_of(each) for each in found] == [
        fields_of(each) for each in Message.objects.all()
    ]


def test_values_are_those_of_the_latest_call(
    conversation: Conversation, by_age: PreparedQuery[Message]
) -> None:
    first, second = Message.objects.all()
    assert by_age.fetch(pk=first.pk, now=timezone.now()) == [first, second]
    assert by_age.fetch(pk=second.pk, now=timezone.now()) == [second]
    assert by_age.fetch(pk=second.pk, now=first.created_at) == []


def test_a_made_instance_is_saved_as_one_that_is_there(
    conversation: Conversation, by_age: PreparedQuery[Message]
) -> None:
    found = by_age.find(pk=0, now=timezone.now())
    assert found
    found.text = "Changed"
    found.save()
    assert Message.objects.get(pk=found.pk).text == "Changed"


def test_related_rows_come_with_the_first(
    alice: User,
    conversation: Conversation,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    reply = add_message(conversation, role="assistant", text="Yes")
    rating = Feedback.Rating.UP
    Feedback.objects.create(message=reply, conversation=conversation, rating=rating)
    with django_assert_num_queries(1):
        found = queries.get_message(alice, conversation.pk, reply.pk)
        assert found.conversation == conversation
        assert found.feedback.rating == rating


def test_a_related_row_that_isnt_there_is_none(alice: User, conversation: Conversation) -> None:
    reply = add_message(conversation, role="assistant", text="Yes")
    assert queries.get_message(alice, conversation.pk, reply.pk).given_feedback is None
    assert queries.get_conversation(alice, conversation.pk).folder is None


def test_columns_that_are_left_out_are_read_when_they_are_asked_for(
    conversation: Conversation,
) -> None:
    leaf = conversation.leaf
    assert leaf
    (*_, found) = prompts.BRANCH.fetch(
        end=leaf.pk, conversation=tree.stored_id(conversation.pk), limit=50
    )
    assert found.get_deferred_fields()
    assert found.created_at == leaf.created_at


def test_what_another_thread_compiled_is_used(alice: User, by_age: PreparedQuery[Message]) -> None:
    thread = threading.Thread(target=by_age._compile)
    thread.start()
    thread.join()
    message = add_message(make_conversation(alice), text="Hello")
    assert message in by_age.fetch(pk=0, now=timezone.now())


def test_the_branch_that_is_sent_is_the_orms(conversation: Conversation) -> None:
    prepared = prompts.BRANCH.fetch(
        end=conversation.leaf_id, conversation=tree.stored_id(conversation.pk), limit=50
    )
    assert prepared == list(tree.list_branch(conversation, conversation.leaf_id, 50))


def test_an_id_that_is_nobodys_finds_nothing(alice: User) -> None:
    assert queries.CONVERSATION.find(pk=uuid.uuid4(), owner=alice.pk) is None


@pytest.mark.parametrize("number", [0, 10**30, -(10**30)])
def test_a_number_that_no_column_holds_finds_nothing(
    alice: User, conversation: Conversation, number: int
) -> None:
    assert queries.MESSAGE.find(pk=number, conversation=conversation.pk, owner=alice.pk) is None


def test_an_inserted_row_is_the_orms(conversation: Conversation) -> None:
    fields = {"conversation": conversation, "role": "user", "text": "Hello", "created_at": NOON}
    made = PreparedInsert(Message).insert(Message(**fields))
    saved = Message.objects.create(**fields)
    assert model_to_dict(made) | {"id": saved.pk} == model_to_dict(saved)
    assert fields_of(Message.objects.get(pk=made.pk)) | {"id": saved.pk} == fields_of(
        Message.objects.get(pk=saved.pk)
    )


def test_what_was_inserted_is_saved_as_one_that_is_there(conversation: Conversation) -> None:
    made = PreparedInsert(Message).insert(Message(conversation=conversation, role="user"))
    made.text = "Changed"
    made.save()
    assert Message.objects.get(pk=made.pk).text == "Changed"
