"""Sending a message, starting a conversation, trying a reply again."""

import pytest
from django.http import Http404
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.services import turns
from conversations.services.turn_checks import TurnRefusedError
from tests.factories import add_failed_reply, add_message, add_pending_reply, make_conversation
from tests.services.writing import keep_busy, regenerate, send

# Nothing is committed in these tests, so no reply is handed to generation.
pytestmark = pytest.mark.django_db


def test_a_sent_message_follows_the_last_reply(conversation: Conversation) -> None:
    last_reply = conversation.leaf
    turn = send(conversation, "And now?", token="a")
    assert turn.message.parent == last_reply
    assert (turn.message.role, turn.message.text) == ("user", "And now?")


def test_a_reply_is_made_under_the_message(conversation: Conversation) -> None:
    turn = send(conversation, "And now?", token="a")
    assert turn.reply.parent == turn.message
    assert (turn.reply.role, turn.reply.status) == ("assistant", "streaming")
    assert turn.reply.model == conversation.model


def test_the_branch_ends_with_the_new_reply(conversation: Conversation) -> None:
    turn = send(conversation, "And now?", token="a")
    conversation.refresh_from_db()
    assert conversation.leaf == turn.reply


def test_sending_counts_as_activity(conversation: Conversation) -> None:
    before = conversation.last_activity_at
    send(conversation, "And now?", token="a")
    conversation.refresh_from_db()
    assert conversation.last_activity_at > before


def test_the_reply_is_handed_to_generation_only_once_it_is_committed(
    conversation: Conversation, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:  # type: ignore[operator]
        send(conversation, "And now?", token="a")
    assert len(callbacks) == 1


def test_the_same_form_sent_twice_makes_one_turn(conversation: Conversation) -> None:
    first = send(conversation, "And now?", token="a")
    assert send(conversation, "And now?", token="a") == first
    assert conversation.messages.count() == 4


def test_the_same_form_is_known_again_after_its_reply_is_complete(
    conversation: Conversation,
) -> None:
    first = send(conversation, "And now?", token="a")
    conversation.messages.filter(pk=first.reply.pk).update(status=Message.Status.COMPLETE)
    assert send(conversation, "And now?", token="a") == first


def test_another_text_from_the_same_form_is_a_new_turn(conversation: Conversation) -> None:
    first = send(conversation, "And now?", token="a")
    conversation.messages.filter(pk=first.reply.pk).update(status=Message.Status.COMPLETE)
    second = send(conversation, "And then?", token="a")
    assert second.message.parent == first.reply


def test_the_same_text_from_another_form_is_a_new_turn(conversation: Conversation) -> None:
    first = send(conversation, "Go on.", token="a")
    conversation.messages.filter(pk=first.reply.pk).update(status=Message.Status.COMPLETE)
    assert send(conversation, "Go on.", token="b") != first


def test_the_same_form_in_two_conversations_makes_a_turn_in_each(alice: User) -> None:
    here, there = (make_conversation(alice, "Hello", "Hi.") for _ in range(2))
    send(here, "And now?", token="a")
    send(there, "And now?", token="a")
    assert there.messages.count() == 4


def test_a_message_from_another_tab_is_not_overtaken(conversation: Conversation) -> None:
    stale = Conversation.objects.get(pk=conversation.pk)
    first = send(conversation, "And now?", token="a")
    conversation.messages.filter(pk=first.reply.pk).update(status=Message.Status.COMPLETE)
    assert send(stale, "And then?", token="b").message.parent == first.reply


def test_there_is_no_sending_to_a_conversation_of_somebody_else(
    bob: User, conversation: Conversation
) -> None:
    with pytest.raises(Http404):
        turns.create_turn(owner=bob, conversation_id=conversation.pk, text="And now?", token="a")


def test_there_is_no_sending_to_a_conversation_that_was_deleted_meanwhile(
    conversation: Conversation,
) -> None:
    Conversation.objects.get(pk=conversation.pk).delete()
    with pytest.raises(Http404):
        send(conversation, "And now?", token="a")


# Starting a conversation


def test_a_conversation_starts_with_a_turn(alice: User, settings: Settings) -> None:
    settings.SYSTEM_PROMPT, settings.CHAT_MODEL = "Be kind.", "some-model"
    turn = turns.start_conversation(owner=alice, text="What is a gate?", token="a")
    conversation = Conversation.objects.get()
    assert conversation.owner == alice
    assert conversation.title == "What is a gate?"
    assert (conversation.system_prompt, conversation.model) == ("Be kind.", "some-model")
    assert (turn.message.parent, conversation.leaf) == (None, turn.reply)


def test_the_same_form_sent_twice_makes_one_conversation(alice: User) -> None:
    first = turns.start_conversation(owner=alice, text="Hello", token="a")
    assert turns.start_conversation(owner=alice, text="Hello", token="a") == first
    assert Conversation.objects.count() == 1


def test_another_text_from_the_same_form_makes_another_conversation(alice: User) -> None:
    turns.start_conversation(owner=alice, text="Hello", token="a")
    turns.start_conversation(owner=alice, text="Good morning", token="a")
    assert Conversation.objects.count() == 2


def test_the_same_form_of_two_users_makes_two_conversations(alice: User, bob: User) -> None:
    turns.start_conversation(owner=alice, text="Hello", token="a")
    turns.start_conversation(owner=bob, text="Hello", token="a")
    assert Conversation.objects.get(owner=bob).messages.count() == 2


def test_nul_characters_are_left_out(conversation: Conversation) -> None:
    turn = send(conversation, "Nul\x00l", token="a")
    turn.message.refresh_from_db()
    assert turn.message.text == "Null"


def test_lone_surrogates_become_question_marks(conversation: Conversation) -> None:
    turn = send(conversation, "Half \ud83d", token="a")
    turn.message.refresh_from_db()
    assert turn.message.text == "Half ?"


def test_line_ends_of_forms_become_plain_ones(conversation: Conversation) -> None:
    turn = send(conversation, "One\r\ntwo", token="a")
    assert turn.message.text == "One\ntwo"


def test_a_token_may_be_anything(conversation: Conversation) -> None:
    assert send(conversation, "And now?", token="\x00" + "é" * 10_000)


# Retry


def test_retry_makes_a_sibling_of_the_reply(conversation: Conversation) -> None:
    reply = add_failed_reply(conversation)
    again = regenerate(reply)
    conversation.refresh_from_db()
    assert (again.parent, again.status) == (reply.parent, "streaming")
    assert conversation.leaf == again != reply


def test_retry_asked_for_twice_makes_one_reply(conversation: Conversation) -> None:
    reply = add_failed_reply(conversation)
    again = regenerate(reply)
    assert regenerate(reply) == again
    assert conversation.messages.count() == 5


def test_a_reply_that_others_follow_is_had_again_and_they_stay(
    conversation: Conversation,
) -> None:
    reply = add_failed_reply(conversation)
    follows = add_message(conversation, role=Message.Role.USER, text="Never mind.")
    conversation.save()
    again = regenerate(reply)
    conversation.refresh_from_db()
    assert conversation.leaf == again
    assert Message.objects.get(pk=follows.pk).parent == reply


def test_retry_of_a_running_reply_is_refused(conversation: Conversation) -> None:
    reply = add_pending_reply(conversation)
    with pytest.raises(TurnRefusedError, match="still being written"):
        regenerate(reply)


def test_retry_over_the_limit_is_refused_and_leaves_the_reply(
    alice: User, conversation: Conversation, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 1
    reply = add_failed_reply(conversation)
    keep_busy(alice, 1)
    with pytest.raises(TurnRefusedError):
        regenerate(reply)
    conversation.refresh_from_db()
    assert conversation.leaf == reply


def test_the_same_form_after_a_retry_shows_the_new_reply(conversation: Conversation) -> None:
    turn = send(conversation, "And now?", token="a")
    conversation.messages.filter(pk=turn.reply.pk).update(status=Message.Status.FAILED)
    again = regenerate(turn.reply)
    assert send(conversation, "And now?", token="a").reply == again
