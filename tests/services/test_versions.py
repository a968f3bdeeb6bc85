"""Versions: editing, having a reply again, switching."""

import pytest
from django.db import connection
from django.http import Http404

from chatsite.accounts.models import User
from conversations import queries, tree
from conversations.content import InvalidMessageError
from conversations.models import Conversation, Message
from conversations.services import turns, versions
from conversations.services.turn_checks import TurnRefusedError
from conversations.services.turns import Turn
from conversations.services.versions import VersionRefusedError
from tests.factories import add_message, add_pending_reply, make_conversation, owner_of
from tests.services.writing import regenerate

# Nothing is committed in these tests, so no reply is handed to generation.
pytestmark = pytest.mark.django_db


def edit(message: Message, text: str, *, token: str = "") -> Turn:
    return turns.edit_message(
        owner=owner_of(message.conversation),
        conversation_id=message.conversation_id,
        message_id=message.pk,
        text=text,
        token=token,
    )


def edit_reply(reply: Message, text: str, *, token: str = "") -> Message:
    return versions.edit_reply(
        owner=owner_of(reply.conversation),
        conversation_id=reply.conversation_id,
        message_id=reply.pk,
        text=text,
        token=token,
    )


def show(message: Message) -> list[str]:
    """Switches to a message's branch; what is shown then."""
    conversation = versions.show_version(
        owner=owner_of(message.conversation),
        conversation_id=message.conversation_id,
        message_id=message.pk,
    )
    return shown(conversation)


def shown(conversation: Conversation) -> list[str]:
    conversation.refresh_from_db()
    return [each.text for each in tree.list_branch(conversation, conversation.leaf_id)]


def finish(reply: Message, text: str) -> None:
    Message.objects.filter(pk=reply.pk).update(status=Message.Status.COMPLETE, text=text)


def message(conversation: Conversation, text: str) -> Message:
    return conversation.messages.get(text=text)


@pytest.fixture
def talk(alice: User) -> Conversation:
    return make_conversation(alice, "One", "First", "Two", "Second")


# Editing a message


def test_an_edited_message_is_a_sibling_with_a_reply_of_its_own(talk: Conversation) -> None:
    two = message(talk, "Two")
    turn = edit(two, "Another two")
    assert (turn.message.parent_id, turn.reply.parent) == (two.parent_id, turn.message)
    finish(turn.reply, "Other")
    assert shown(talk) == ["One", "First", "Another two", "Other"]


def test_the_first_message_is_edited_into_another_beginning(talk: Conversation) -> None:
    turn = edit(message(talk, "One"), "Uno")
    assert turn.message.parent is None
    finish(turn.reply, "Primo")
    assert shown(talk) == ["Uno", "Primo"]


def test_what_followed_an_edited_message_is_still_there(talk: Conversation) -> None:
    finish(edit(message(talk, "One"), "Uno").reply, "Primo")
    assert show(message(talk, "One")) == ["One", "First", "Two", "Second"]


def test_the_same_edit_sent_twice_makes_one(talk: Conversation) -> None:
    first = edit(message(talk, "One"), "Uno", token="a")
    assert edit(message(talk, "One"), "Uno", token="a") == first


def test_an_edit_while_a_reply_runs_is_refused(talk: Conversation) -> None:
    add_pending_reply(talk)
    with pytest.raises(TurnRefusedError, match="still being written"):
        edit(message(talk, "One"), "Uno")
    assert talk.messages.count() == 5


def test_an_edit_to_nothing_is_refused(talk: Conversation) -> None:
    with pytest.raises(InvalidMessageError, match="Write a message first"):
        edit(message(talk, "One"), " \n")


def test_nobody_edits_somebody_else_s_message(bob: User, talk: Conversation) -> None:
    one = message(talk, "One")
    with pytest.raises(Http404):
        turns.edit_message(
            owner=bob, conversation_id=talk.pk, message_id=one.pk, text="Mine", token=""
        )


# Having a reply again


def test_a_complete_reply_is_had_again(talk: Conversation) -> None:
    again = regenerate(message(talk, "First"))
    assert again.parent == message(talk, "One")
    assert again.status == Message.Status.STREAMING


def test_what_was_asked_of_a_reply_is_kept_with_it(talk: Conversation) -> None:
    again = regenerate(message(talk, "First"), instruction="shorter")
    again.refresh_from_db()
    assert again.instruction == "shorter"


def test_an_instruction_that_there_is_not_is_not_found(talk: Conversation) -> None:
    with pytest.raises(Http404):
        regenerate(message(talk, "First"), instruction="louder")


def test_a_reply_had_again_from_another_form_is_one_more(talk: Conversation) -> None:
    first = regenerate(message(talk, "First"), token="a")
    finish(first, "Again")
    assert regenerate(message(talk, "First"), token="b") != first


# Editing a reply


def test_an_edited_reply_is_a_complete_version_that_says_so(talk: Conversation) -> None:
    second = message(talk, "Second")
    edited = edit_reply(second, "Second, *mended*")
    edited.refresh_from_db()
    assert (edited.parent_id, edited.status) == (second.parent_id, "complete")
    assert edited.is_edited
    assert "<em>mended</em>" in edited.html
    assert shown(talk)[-1] == "Second, *mended*"


def test_an_edited_reply_has_used_nothing(talk: Conversation) -> None:
    edited = edit_reply(message(talk, "Second"), "Mine")
    assert (edited.prompt_tokens, edited.cost_usd, edited.model) == (None, None, "")


def test_an_edited_reply_takes_no_feedback(talk: Conversation) -> None:
    assert not edit_reply(message(talk, "Second"), "Mine").takes_feedback


def test_the_same_edit_of_a_reply_sent_twice_makes_one(talk: Conversation) -> None:
    second = message(talk, "Second")
    assert edit_reply(second, "Mine", token="a") == edit_reply(second, "Mine", token="a")


def test_a_reply_is_not_edited_while_one_runs(talk: Conversation) -> None:
    add_pending_reply(talk)
    with pytest.raises(VersionRefusedError, match="still being written"):
        edit_reply(message(talk, "Second"), "Mine")


def test_the_code_of_an_edited_reply_has_its_colours(talk: Conversation) -> None:
    edited = edit_reply(message(talk, "Second"), "```python\nprint(1)\n```")
    assert "<span" in edited.html


# Sending, from a tab that shows another branch


def test_a_message_follows_the_branch_that_its_sender_saw(talk: Conversation) -> None:
    seen = talk.leaf_id
    finish(regenerate(message(talk, "Second")), "Second again")
    turn = turns.create_turn(
        owner=owner_of(talk), conversation_id=talk.pk, text="Three", token="a", seen=seen
    )
    assert turn.message.parent_id == seen
    assert shown(talk)[:-1] == ["One", "First", "Two", "Second", "Three"]


def test_a_message_is_added_to_the_end_of_the_branch_that_grew_meanwhile(
    talk: Conversation,
) -> None:
    seen = message(talk, "First").pk
    turn = turns.create_turn(
        owner=owner_of(talk), conversation_id=talk.pk, text="Three", token="a", seen=seen
    )
    assert turn.message.parent_id == message(talk, "Second").pk


@pytest.mark.parametrize("seen", [0, 10**17])
def test_a_message_after_one_that_is_gone_is_added_to_what_is_shown(
    talk: Conversation, seen: int
) -> None:
    turn = turns.create_turn(
        owner=owner_of(talk), conversation_id=talk.pk, text="Three", token="a", seen=seen
    )
    assert turn.message.parent_id == message(talk, "Second").pk


# Switching


def test_the_branch_looked_at_last_is_shown_below_a_version(talk: Conversation) -> None:
    finish(regenerate(message(talk, "Second")), "Second again")
    show(message(talk, "Second"))
    finish(edit(message(talk, "One"), "Uno").reply, "Primo")
    assert show(message(talk, "One")) == ["One", "First", "Two", "Second"]


def test_a_new_version_is_the_one_looked_at_last(talk: Conversation) -> None:
    finish(regenerate(message(talk, "Second")), "Second again")
    show(message(talk, "Second"))
    finish(regenerate(message(talk, "Second"), token="b"), "Second once more")
    finish(edit(message(talk, "One"), "Uno").reply, "Primo")
    assert show(message(talk, "One"))[-1] == "Second once more"


def test_nobody_switches_somebody_else_s_conversation(bob: User, talk: Conversation) -> None:
    with pytest.raises(Http404):
        versions.show_version(owner=bob, conversation_id=talk.pk, message_id=talk.leaf_id or 0)


def test_a_message_of_another_conversation_is_not_shown(alice: User, talk: Conversation) -> None:
    other = make_conversation(alice, "Elsewhere")
    with pytest.raises(Http404):
        versions.show_version(owner=alice, conversation_id=talk.pk, message_id=other.leaf_id or 0)


# What a page lacks


def test_a_page_on_another_branch_gets_the_messages_from_the_fork(talk: Conversation) -> None:
    seen = talk.leaf_id or 0
    finish(regenerate(message(talk, "First")), "First again")
    talk.refresh_from_db()
    page = queries.read_unseen_page(talk, seen)
    assert [each.text for each in page.messages] == ["First again"]
    assert page.earlier_cursor is None


def test_a_page_with_another_beginning_gets_all(talk: Conversation) -> None:
    seen = talk.leaf_id or 0
    finish(edit(message(talk, "One"), "Uno").reply, "Primo")
    talk.refresh_from_db()
    page = queries.read_unseen_page(talk, seen)
    assert [each.text for each in page.messages] == ["Uno", "Primo"]


def test_a_page_that_lacks_more_than_a_page_gets_the_latest(talk: Conversation) -> None:
    seen = talk.leaf_id or 0
    for number in range(queries.PAGE_SIZE + 10):
        add_message(talk, role="user", text=f"More {number}")
    talk.save()
    page = queries.read_unseen_page(talk, seen)
    assert len(page.messages) == queries.PAGE_SIZE
    assert page.earlier_cursor == page.messages[0].parent_id != seen


def test_the_version_below_which_a_reply_runs_is_found(talk: Conversation) -> None:
    regenerate(message(talk, "First"))
    show(message(talk, "First"))
    page = list(tree.list_branch(talk, talk.leaf_id))
    assert tree.find_running_version(page) == message(talk, "First").pk


def test_walks_use_indexes(talk: Conversation) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("Only on SQLite: PostgreSQL reads tables as small as a test’s whole")
    with connection.cursor() as cursor:
        values = {"leaf": talk.leaf_id, "conversation": tree.stored_id(talk.pk), "message": 1}
        cursor.execute(f"EXPLAIN QUERY PLAN {tree.MEETING}", values)
        plan = [detail for *_, detail in cursor.fetchall()]
    assert not [line for line in plan if line.startswith("SCAN conversations_message")]
