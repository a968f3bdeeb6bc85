"""Feedback is given, changed and taken back; who listens hears of it in the same transaction."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.http import Http404

from chatsite.accounts.models import User
from conversations.models import Conversation, Feedback, Message
from conversations.services import feedback
from conversations.services.feedback import InvalidFeedbackError
from conversations.signals import feedback_changed
from tests.factories import add_message, add_pending_reply, owner_of
from tests.services.writing import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[tuple[str, str]]]:
    """What the signal told: the ratings before and after."""
    told: list[tuple[str, str]] = []

    def listen(*, message: Message, before: str, after: str, **_signal: Any) -> None:
        assert connection.in_atomic_block
        told.append((before, after))

    feedback_changed.connect(listen, weak=False, dispatch_uid="test")
    yield told
    feedback_changed.disconnect(dispatch_uid="test")


def on_reply(conversation: Conversation) -> dict[str, Any]:
    return {
        "owner": owner_of(conversation),
        "conversation_id": conversation.pk,
        "message_id": conversation.leaf_id,
    }


def give(conversation: Conversation, rating: str) -> Message:
    return feedback.give_feedback(**on_reply(conversation), rating=rating)


def explain(conversation: Conversation, reason: str = "", comment: str = "") -> Message:
    return feedback.explain_feedback(
        **on_reply(conversation), rating="down", reason=reason, comment=comment
    )


def kept() -> list[tuple[str, str, str]]:
    return list(Feedback.objects.values_list("rating", "reason", "comment"))


def test_a_rating_is_given(conversation: Conversation, heard: list[tuple[str, str]]) -> None:
    message = give(conversation, "down")
    assert message.given_feedback == Feedback.objects.get(conversation=conversation)
    assert (kept(), heard) == ([("down", "", "")], [("", "down")])


def test_the_same_rating_twice_is_one(
    conversation: Conversation, heard: list[tuple[str, str]]
) -> None:
    give(conversation, "up")
    changed_at = Feedback.objects.get().changed_at
    give(conversation, "up")
    assert Feedback.objects.get().changed_at == changed_at
    assert heard == [("", "up")]


def test_another_rating_keeps_the_comment_but_not_the_reason(
    conversation: Conversation, heard: list[tuple[str, str]]
) -> None:
    explain(conversation, "wrong", "It is blue.")
    give(conversation, "up")
    assert kept() == [("up", "", "It is blue.")]
    assert heard == [("", "down"), ("down", "up")]


def test_a_reason_and_a_comment_are_kept_as_typed(conversation: Conversation) -> None:
    give(conversation, "down")
    explain(conversation, "incomplete", " Where is\r\nthe rest?\x00 ")
    assert kept() == [("down", "incomplete", "Where is\nthe rest?")]


def test_what_was_said_can_be_emptied(conversation: Conversation) -> None:
    explain(conversation, "wrong", "No.")
    explain(conversation)
    assert kept() == [("down", "", "")]


def test_a_change_is_dated_and_the_beginning_stays(conversation: Conversation) -> None:
    give(conversation, "up")
    first = Feedback.objects.get()
    give(conversation, "down")
    second = Feedback.objects.get()
    assert second.created_at == first.created_at
    assert second.changed_at > first.changed_at


def test_it_is_taken_back(conversation: Conversation, heard: list[tuple[str, str]]) -> None:
    give(conversation, "down")
    assert feedback.take_back_feedback(**on_reply(conversation)).given_feedback is None
    assert kept() == []
    assert heard[1:] == [("down", "")]


def test_what_was_not_given_can_be_taken_back(
    conversation: Conversation, heard: list[tuple[str, str]]
) -> None:
    feedback.take_back_feedback(**on_reply(conversation))
    assert heard == []


@pytest.mark.parametrize("rating", ["", "sideways"])
def test_an_unknown_rating_is_refused(conversation: Conversation, rating: str) -> None:
    with pytest.raises(InvalidFeedbackError, match="Choose"):
        give(conversation, rating)


def test_an_unknown_reason_is_refused(conversation: Conversation) -> None:
    with pytest.raises(InvalidFeedbackError, match="one of the reasons"):
        explain(conversation, "boredom")


def test_a_comment_of_the_greatest_length_is_taken(conversation: Conversation) -> None:
    explain(conversation, comment="é" * 2000)
    assert kept() == [("down", "", "é" * 2000)]


def test_a_longer_comment_is_refused_and_the_earlier_stays(conversation: Conversation) -> None:
    explain(conversation, comment="Earlier")
    with pytest.raises(InvalidFeedbackError, match="at most 2,000 characters"):
        explain(conversation, comment="x" * 2001)
    assert kept() == [("down", "", "Earlier")]


def test_a_message_of_the_user_takes_none(conversation: Conversation) -> None:
    add_message(conversation, role="user", text="And?")
    with pytest.raises(Http404):
        give(conversation, "up")


@pytest.mark.parametrize("status", ["pending", "streaming"])
def test_a_reply_that_is_being_written_takes_none(conversation: Conversation, status: str) -> None:
    reply = add_pending_reply(conversation)
    Message.objects.filter(pk=reply.pk).update(status=status, text="So far")
    with pytest.raises(Http404):
        give(conversation, "up")


def test_a_reply_without_a_word_takes_none(conversation: Conversation) -> None:
    add_message(conversation, role="assistant", status="failed")
    with pytest.raises(Http404):
        give(conversation, "down")


def test_nobody_else_gives_it(conversation: Conversation, bob: User) -> None:
    with pytest.raises(Http404):
        feedback.give_feedback(**(on_reply(conversation) | {"owner": bob}), rating="up")


@pytest.mark.django_db(transaction=True)
def test_two_tabs_leave_one_state(conversation: Conversation, heard: list[tuple[str, str]]) -> None:
    ratings = ["up", "down"] * 3
    done = at_once(*[partial(give, conversation, rating) for rating in ratings])
    assert all(isinstance(each, Message) for each in done)
    # Each began where the one before had ended.
    assert [before for before, _ in heard] == ["", *(after for _, after in heard[:-1])]
    assert Feedback.objects.get().rating == heard[-1][1]
