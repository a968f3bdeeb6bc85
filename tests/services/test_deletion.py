"""Deleting so that it can be undone: hidden at once, deleted for good when the time is over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from chatsite.jobs.failures import JobIncompleteError
from conversations import queries
from conversations.models import Conversation
from conversations.review.retention import holds
from conversations.services import deletion, turn_checks, turns
from conversations.services.export import list_members
from tests.factories import add_pending_reply, make_conversation
from tests.jobs.crashed import set_aside
from tests.jobs.failing import deletion_refused

pytestmark = pytest.mark.django_db


def pass_time() -> int:
    return deletion.delete_marked(timezone.now() + deletion.UNDO_TIME)


@pytest.fixture
def deleted(alice: User) -> Conversation:
    conversation = make_conversation(alice, "Hello", "Hi.", title="Secrets")
    deletion.mark_deleted(conversation=conversation)
    return conversation


def test_its_owner_finds_it_nowhere(alice: User, deleted: Conversation) -> None:
    assert queries.find_conversation(alice, deleted.pk) is None
    assert queries.count_conversations(alice) == 0
    assert not queries.list_conversations(alice).rows


def test_it_is_not_in_ones_data(alice: User, deleted: Conversation) -> None:
    assert not [member for member in list_members(alice) if "Secrets" in member.name]


def test_it_stays_as_long_as_it_can_be_undone(deleted: Conversation) -> None:
    assert deletion.delete_marked() == 0
    assert Conversation.objects.get() == deleted


def test_it_goes_when_the_time_is_over(deleted: Conversation) -> None:
    assert pass_time() == 1
    assert not Conversation.objects.exists()


def test_what_was_deleted_again_has_its_time_anew(alice: User, deleted: Conversation) -> None:
    Conversation.objects.update(deleted_at=timezone.now() - timedelta(days=1))
    deletion.restore_conversation(owner=alice, conversation_id=deleted.pk)
    deletion.mark_deleted(conversation=deleted)
    assert deletion.delete_marked() == 0


def test_undoing_restores_it_as_it_was(alice: User, deleted: Conversation) -> None:
    before = Conversation.objects.values().get()
    deletion.restore_conversation(owner=alice, conversation_id=deleted.pk)
    assert Conversation.objects.values().get() == before | {"deleted_at": None}
    assert pass_time() == 0


def test_undoing_twice_is_no_error(alice: User, deleted: Conversation) -> None:
    found = [
        deletion.restore_conversation(owner=alice, conversation_id=deleted.pk) for _ in range(2)
    ]
    assert found == [deleted, deleted]


def test_its_running_reply_holds_no_other_up(alice: User) -> None:
    conversation, other = make_conversation(alice, "Hello"), make_conversation(alice, "Hello")
    add_pending_reply(conversation)
    Conversation.objects.filter(pk=conversation.pk).update(deleted_at=timezone.now())
    turn_checks.refuse_when_busy(other)


def test_the_form_that_began_it_is_refused_with_what_to_do(alice: User) -> None:
    turn = turns.start_conversation(owner=alice, text="Hello", token="a form")
    deletion.mark_deleted(conversation=turn.reply.conversation)
    with pytest.raises(UserFacingError, match="just deleted"):
        turns.start_conversation(owner=alice, text="Hello", token="a form")


def test_a_held_one_is_taken_from_its_owner(rita: User, alice: User) -> None:
    conversation = make_conversation(alice, "Hello", "Hi.")
    holds.put_hold(conversation=conversation, reason="A case", by=rita)
    deletion.mark_deleted(conversation=conversation)
    assert pass_time() == 1
    kept = Conversation.objects.get()
    assert (kept.owner, kept.deleted_at) == (None, None)
    assert pass_time() == 0


def test_no_hold_is_placed_on_it(rita: User, deleted: Conversation) -> None:
    with pytest.raises(holds.HoldRefusedError):
        holds.put_hold(conversation=deleted, reason="A case", by=rita)


@pytest.fixture
def hundred_and_one(alice: User) -> list[Conversation]:
    """Due to be deleted, the oldest first."""
    now = timezone.now()
    return Conversation.objects.bulk_create(
        Conversation(owner=alice, title=f"{number}", deleted_at=now + timedelta(seconds=number))
        for number in range(-200, -200 + deletion.BATCH + 1)
    )


def test_a_hundred_that_fail_hold_up_no_other(hundred_and_one: list[Conversation]) -> None:
    *failing, last = hundred_and_one
    with deletion_refused(*failing), pytest.raises(JobIncompleteError, match="and 99 more failed"):
        deletion.delete_marked()
    assert Conversation.objects.count() == 100
    assert not Conversation.objects.filter(pk=last.pk).exists()


def test_a_hundred_that_were_set_aside_hold_up_no_other(
    hundred_and_one: list[Conversation],
) -> None:
    *aside, _last = hundred_and_one
    for each in aside:
        set_aside("deletion", f"conversation {each.pk}")
    assert deletion.delete_marked() == 1
    assert Conversation.objects.count() == 100
