"""Sending a message, starting a conversation, trying a reply again."""

import pytest
from django.http import Http404
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.content import InvalidMessageError, estimate_tokens
from conversations.models import Conversation, Message
from conversations.services import turns
from conversations.services.turns import TurnRefusedError
from tests.factories import add_message, add_pending_reply, make_conversation
from tests.services.writing import send

# Nothing is committed in these tests, so no reply is handed to generation.
pytestmark = pytest.mark.django_db


def failed_reply(conversation: Conversation) -> Message:
    add_message(conversation, role=Message.Role.USER, text="And now?")
    reply = add_message(
        conversation,
        role=Message.Role.ASSISTANT,
        status=Message.Status.FAILED,
        error_code="upstream",
    )
    conversation.save()
    return reply


def keep_busy(owner: User, conversations: int) -> None:
    for _ in range(conversations):
        add_pending_reply(make_conversation(owner, "Hello"))


def test_a_sent_message_follows_the_last_reply(conversation: Conversation) -> None:
    last_reply = conversation.leaf
    turn = send(conversation, "And now?", token="a")
    assert turn.message.parent == last_reply
    assert (turn.message.role, turn.message.text) == ("user", "And now?")


def test_a_pending_reply_is_made_under_the_message(conversation: Conversation) -> None:
    turn = send(conversation, "And now?", token="a")
    assert turn.reply.parent == turn.message
    assert (turn.reply.role, turn.reply.status) == ("assistant", "pending")
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


# What is refused


def test_a_message_while_a_reply_runs_is_refused_and_not_saved(conversation: Conversation) -> None:
    add_pending_reply(conversation)
    with pytest.raises(TurnRefusedError, match="still being written") as refused:
        send(conversation, "And now?", token="a")
    assert refused.value.status == 409
    assert conversation.messages.count() == 3


def test_a_reply_of_another_conversation_is_no_hindrance(
    alice: User, conversation: Conversation
) -> None:
    keep_busy(alice, 2)
    assert send(conversation, "And now?", token="a")


def test_more_replies_at_once_than_allowed_are_refused(
    alice: User, conversation: Conversation, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 2
    keep_busy(alice, 2)
    with pytest.raises(TurnRefusedError, match=r"^2 of your replies are") as refused:
        send(conversation, "And now?", token="a")
    assert refused.value.status == 409
    assert conversation.messages.count() == 2


def test_the_limit_of_one_reply_is_put_in_the_singular(
    alice: User, conversation: Conversation, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 1
    keep_busy(alice, 1)
    with pytest.raises(TurnRefusedError, match=r"^1 of your replies is"):
        send(conversation, "And now?", token="a")


def test_a_conversation_over_the_limit_is_not_made(alice: User, settings: Settings) -> None:
    settings.MAX_RUNNING_REPLIES = 1
    keep_busy(alice, 1)
    with pytest.raises(TurnRefusedError):
        turns.start_conversation(owner=alice, text="Hello", token="a")
    assert Conversation.objects.count() == 1


def test_replies_of_others_count_for_nothing(
    bob: User, conversation: Conversation, settings: Settings
) -> None:
    keep_busy(bob, settings.MAX_RUNNING_REPLIES)
    assert send(conversation, "And now?", token="a")


def test_the_same_form_is_not_refused_while_its_own_reply_runs(
    alice: User, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 1
    turn = turns.start_conversation(owner=alice, text="Hello", token="a")
    assert turns.start_conversation(owner=alice, text="Hello", token="a") == turn


@pytest.mark.parametrize("text", ["", " ", "\n\t\r\n", "\x00", " \x00 ", "\u200b", "\u2800"])
def test_an_empty_message_is_refused(conversation: Conversation, text: str) -> None:
    with pytest.raises(InvalidMessageError, match="Write a message first") as refused:
        send(conversation, text, token="a")
    assert refused.value.status == 422


def test_an_empty_message_starts_no_conversation(alice: User) -> None:
    with pytest.raises(InvalidMessageError):
        turns.start_conversation(owner=alice, text=" ", token="a")
    assert not Conversation.objects.exists()


def test_a_message_longer_than_the_budget_is_refused_with_both_numbers(
    conversation: Conversation, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 1_000
    with pytest.raises(InvalidMessageError, match=r"about 1,254 tokens.* at most 1,000\."):
        send(conversation, "x" * 5_000, token="a")
    assert conversation.messages.count() == 2


def test_a_message_of_just_the_budget_is_taken(
    conversation: Conversation, settings: Settings
) -> None:
    text = "x" * 5_000
    prompt = estimate_tokens(conversation.system_prompt)
    settings.CONTEXT_BUDGET = estimate_tokens(text) + prompt
    assert send(conversation, text, token="a")


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
    reply = failed_reply(conversation)
    again = turns.retry_reply(reply=reply)
    conversation.refresh_from_db()
    assert (again.parent, again.status) == (reply.parent, "pending")
    assert conversation.leaf == again != reply


def test_retry_asked_for_twice_makes_one_reply(conversation: Conversation) -> None:
    reply = failed_reply(conversation)
    again = turns.retry_reply(reply=reply)
    assert turns.retry_reply(reply=reply) == again
    assert conversation.messages.count() == 5


def test_retry_of_a_reply_that_the_conversation_has_left_behind_is_refused(
    conversation: Conversation,
) -> None:
    reply = failed_reply(conversation)
    add_message(conversation, role=Message.Role.USER, text="Never mind.")
    conversation.save()
    with pytest.raises(TurnRefusedError, match="Newer messages follow"):
        turns.retry_reply(reply=reply)


def test_retry_of_a_running_reply_is_refused(conversation: Conversation) -> None:
    reply = add_pending_reply(conversation)
    with pytest.raises(TurnRefusedError, match="still being written"):
        turns.retry_reply(reply=reply)


def test_retry_over_the_limit_is_refused_and_leaves_the_reply(
    alice: User, conversation: Conversation, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 1
    reply = failed_reply(conversation)
    keep_busy(alice, 1)
    with pytest.raises(TurnRefusedError):
        turns.retry_reply(reply=reply)
    conversation.refresh_from_db()
    assert conversation.leaf == reply


def test_the_same_form_after_a_retry_shows_the_new_reply(conversation: Conversation) -> None:
    turn = send(conversation, "And now?", token="a")
    conversation.messages.filter(pk=turn.reply.pk).update(status=Message.Status.FAILED)
    again = turns.retry_reply(reply=turn.reply)
    assert send(conversation, "And now?", token="a").reply == again
