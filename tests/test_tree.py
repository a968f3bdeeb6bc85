"""The tree of messages: branches, paths and siblings, each in one query at most."""

import pytest
from pytest_django import DjangoAssertNumQueries

from chatsite.accounts.models import User
from conversations import tree
from conversations.models import Conversation, Message
from tests.factories import add_message, make_conversation, make_long_conversation

pytestmark = pytest.mark.django_db


def texts(messages: object) -> list[str]:
    return [message.text for message in messages]  # type: ignore[attr-defined]


def ids(conversation: Conversation, *wanted: str) -> list[int]:
    return [conversation.messages.get(text=text).pk for text in wanted]


@pytest.fixture
def forked(alice: User) -> Conversation:
    """A failed reply with a question under it, and beside it a second try, which is shown."""
    conversation = make_conversation(alice, "Hello", "First try", "Lost")
    (question,) = ids(conversation, "Hello")
    add_message(conversation, role="assistant", text="Second try", parent_id=question)
    add_message(conversation, role="user", text="Thanks")
    conversation.save()
    return conversation


# Branches


def test_a_branch_is_in_reading_order(alice: User) -> None:
    conversation = make_conversation(alice, "One", "Two", "Three")
    assert texts(tree.list_branch(conversation, conversation.leaf_id)) == ["One", "Two", "Three"]


def test_a_branch_may_end_before_the_leaf(alice: User) -> None:
    conversation = make_conversation(alice, "One", "Two", "Three")
    assert conversation.leaf
    assert texts(tree.list_branch(conversation, conversation.leaf.parent_id)) == ["One", "Two"]


def test_no_end_is_no_branch(conversation: Conversation) -> None:
    assert not tree.list_branch(conversation, None).exists()


def test_a_retried_reply_is_not_on_the_branch(alice: User) -> None:
    conversation = make_conversation(alice, "Hello")
    question = conversation.leaf_id
    add_message(conversation, role="assistant", text="First try", status="failed")
    add_message(conversation, role="assistant", text="Second try", parent_id=question)
    add_message(conversation, role="user", text="Thanks")
    branch = tree.list_branch(conversation, conversation.leaf_id)
    assert texts(branch) == ["Hello", "Second try", "Thanks"]


def test_a_branch_ends_with_a_message_of_its_own_conversation(
    bob: User, conversation: Conversation
) -> None:
    others = make_conversation(bob, "A secret")
    assert not tree.list_branch(conversation, others.leaf_id).exists()


# Paths


def test_a_path_leads_from_a_message_to_the_leaf(forked: Conversation) -> None:
    second, thanks = ids(forked, "Second try", "Thanks")
    assert tree.find_path_to_leaf(forked, forked.leaf_id, second) == [second, thanks]


def test_a_message_of_another_branch_has_no_path_to_this_leaf(forked: Conversation) -> None:
    first, second = ids(forked, "First try", "Second try")
    assert tree.find_path_to_leaf(forked, forked.leaf_id, first) == []
    assert tree.find_path_to_leaf(forked, second, forked.leaf_id or 0) == []


def test_a_path_through_a_message_follows_the_shown_branch(forked: Conversation) -> None:
    path = ids(forked, "Hello", "Second try", "Thanks")
    assert tree.find_path_through(forked, path[0]) == path


def test_a_path_through_a_message_beside_it_follows_the_latest(forked: Conversation) -> None:
    first, lost = ids(forked, "First try", "Lost")
    assert tree.find_path_through(forked, first) == [first, lost]


def test_no_path_leads_through_another_conversation_s_message(
    bob: User, forked: Conversation
) -> None:
    others = make_conversation(bob, "A secret")
    assert tree.find_path_through(forked, others.leaf_id or 0) == []
    assert tree.find_path_to_leaf(forked, others.leaf_id, others.leaf_id or 0) == []


def test_a_walk_takes_one_query_however_long_it_is(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    conversation = make_long_conversation(alice, 1_000)
    first = conversation.messages.earliest("pk").pk
    with django_assert_num_queries(2):
        assert len(tree.find_path_through(conversation, first)) == 1_000
        assert len(tree.list_branch(conversation, conversation.leaf_id)) == 1_000


# Siblings, and what needs no query


def test_siblings_are_counted_in_the_order_of_their_making(forked: Conversation) -> None:
    hello, first, second = ids(forked, "Hello", "First try", "Second try")
    found = tree.find_siblings(list(Message.objects.filter(pk__in=[hello, second])))
    assert found == {
        first: tree.Siblings(position=1, count=2, previous=None, next=second, latest=second),
        second: tree.Siblings(position=2, count=2, previous=first, next=None, latest=second),
    }


def test_a_branch_is_collected_from_known_parents(forked: Conversation) -> None:
    parents = dict(forked.messages.values_list("pk", "parent_id"))
    branch = tree.collect_branch_ids(parents, forked.leaf_id)
    assert branch == set(ids(forked, "Hello", "Second try", "Thanks"))
    assert tree.collect_branch_ids({}, forked.leaf_id) == set()
