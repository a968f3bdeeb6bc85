"""Continuing in a new conversation: what is copied, and that it counts nothing."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from chatsite.accounts.models import UsageDay, User
from conversations.models import Conversation, Feedback, Message
from conversations.outbox import worker
from conversations.review.models import Flag, Note, Rule, SiteDay
from conversations.services import change_feed, copies, feedback, folders
from conversations.services.turn_checks import TurnRefusedError
from tests.factories import add_pending_reply, make_conversation, make_long_conversation, owner_of
from tests.search.searching import texts_with
from tests.services.test_versions import message, shown
from tests.services.writing import send

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(alice: User) -> Conversation:
    return make_conversation(alice, "One", "First", "Two", "Second")


def copy(last: Message) -> Conversation:
    return copies.copy_branch(
        owner=owner_of(last.conversation), conversation_id=last.conversation_id, message_id=last.pk
    )


def test_the_branch_up_to_the_message_is_copied(talk: Conversation) -> None:
    made = copy(message(talk, "First"))
    assert shown(made) == ["One", "First"]
    assert (made.title, made.system_prompt) == (talk.title, talk.system_prompt)
    assert shown(talk) == ["One", "First", "Two", "Second"]


def test_copies_count_nothing_and_are_found(talk: Conversation) -> None:
    Message.objects.filter(text="First").update(prompt_tokens=5, completion_tokens=1, cost_usd=1)
    worker.process_outbox()
    before = SiteDay.objects.values().get()
    made = copy(message(talk, "First"))
    worker.process_outbox()
    assert SiteDay.objects.values().get() == before
    assert not made.messages.exclude(prompt_tokens=None).exists()
    assert not UsageDay.objects.exists()
    assert texts_with("first") == ["First", "First"]


def test_where_the_context_began_is_found_among_the_copies(talk: Conversation) -> None:
    two = message(talk, "Two")
    Message.objects.filter(text="Second").update(context_start=two.pk)
    made = copy(message(talk, "Second"))
    assert message(made, "Second").context_start == message(made, "Two").pk


def test_asked_for_twice_there_is_one_until_it_goes_on(talk: Conversation) -> None:
    made = copy(message(talk, "First"))
    assert copy(message(talk, "First")) == made
    send(made, "Go on", token="a")
    assert copy(message(talk, "First")) != made


def test_a_copy_that_is_dated_ahead_by_a_wrong_clock_is_not_the_one_asked_for(
    talk: Conversation,
) -> None:
    made = copy(message(talk, "First"))
    in_a_year = timezone.now() + timedelta(days=366)
    Conversation.objects.filter(pk=made.pk).update(last_activity_at=in_a_year)
    assert copy(message(talk, "First")) != made


def test_a_long_branch_is_copied_whole(alice: User) -> None:
    long = make_long_conversation(alice, 2_000)
    assert long.leaf
    assert shown(copy(long.leaf)) == shown(long)


def test_a_running_reply_is_not_copied(talk: Conversation) -> None:
    with pytest.raises(TurnRefusedError):
        copy(add_pending_reply(talk))


def test_nobody_copies_somebody_else_s(bob: User, talk: Conversation) -> None:
    last = message(talk, "First")
    with pytest.raises(Http404):
        copies.copy_branch(owner=bob, conversation_id=talk.pk, message_id=last.pk)


def test_a_copy_is_in_the_same_folder(alice: User, talk: Conversation) -> None:
    folder = folders.create_folder(owner=alice, name="Work")
    folders.move_conversation(owner=alice, conversation=talk, folder_id=folder.pk)
    assert copy(message(talk, "First")).folder == folder


@pytest.mark.django_db(transaction=True)
def test_open_pages_hear_of_a_copy(alice: User, talk: Conversation) -> None:
    with change_feed.feed.follow(alice.pk) as follower:
        copy(message(talk, "First"))
        assert follower.list_changes == 1


def test_feedback_and_notes_stay_and_rules_look_again(
    alice: User, rita: User, talk: Conversation
) -> None:
    Rule.objects.create(name="Numbers", kind="words", text="first")
    first = message(talk, "First")
    feedback.give_feedback(owner=alice, conversation_id=talk.pk, message_id=first.pk, rating="up")
    Note.objects.create(conversation=talk, message=first, text="Look", author=rita)
    made = copy(first)
    worker.process_outbox()
    assert (Feedback.objects.get().conversation, Note.objects.get().conversation) == (talk, talk)
    assert {flag.conversation for flag in Flag.objects.all()} == {talk, made}
