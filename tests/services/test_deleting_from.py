"""Deleting a message and what follows it: what is shown then, what goes along, undoing it."""

from datetime import timedelta
from functools import partial

import pytest
from django.http import Http404
from django.utils import timezone

from chatsite.accounts.models import User
from conversations import own_search, queries, tree
from conversations.models import Conversation, Feedback, Message
from conversations.outbox import worker
from conversations.review.models import Flag, Note, Review, Rule
from conversations.review.retention import holds
from conversations.search.models import MessageDocument
from conversations.services import change_feed, deletion, export, feedback, turns, versions
from conversations.services.replies.channel import get_channel
from conversations.services.turn_checks import TurnRefusedError
from tests.factories import add_pending_reply, make_conversation, owner_of
from tests.services.test_versions import edit, finish, message, show, shown
from tests.services.writing import regenerate, send

# Nothing is committed in these tests, so no reply is handed to generation.
pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(alice: User) -> Conversation:
    return make_conversation(alice, "One", "First", "Two", "Second")


def delete_from(chosen: Message) -> Conversation:
    return deletion.delete_from_message(
        owner=owner_of(chosen.conversation),
        conversation_id=chosen.conversation_id,
        message_id=chosen.pk,
    )


def undo(part: Conversation) -> Conversation | None:
    return deletion.restore_conversation(owner=owner_of(part), conversation_id=part.pk)


def delete_for_good() -> None:
    deletion.delete_marked(timezone.now() + timedelta(minutes=1))


def test_the_branch_ends_with_the_message_above(talk: Conversation) -> None:
    delete_from(message(talk, "Two"))
    assert shown(talk) == ["One", "First"]


def test_another_version_is_shown_instead(talk: Conversation) -> None:
    finish(regenerate(message(talk, "First")), "First again")
    delete_from(message(talk, "First again"))
    assert shown(talk) == ["One", "First", "Two", "Second"]


def test_another_beginning_is_shown_instead(talk: Conversation) -> None:
    finish(edit(message(talk, "One"), "Uno").reply, "Primo")
    delete_from(message(talk, "Uno"))
    assert shown(talk) == ["One", "First", "Two", "Second"]


def test_every_branch_below_goes_along(talk: Conversation) -> None:
    finish(edit(message(talk, "Two"), "Zwei").reply, "Other")
    delete_from(message(talk, "First"))
    assert list(talk.messages.values_list("text", flat=True)) == ["One"]


def test_a_message_that_is_not_shown_leaves_the_branch_as_it_is(talk: Conversation) -> None:
    finish(regenerate(message(talk, "First")), "First again")
    delete_from(message(talk, "First"))
    assert shown(talk) == ["One", "First again"]


def test_the_only_beginning_takes_the_conversation_along(talk: Conversation) -> None:
    assert delete_from(message(talk, "One")) == talk
    assert not queries.list_own(owner_of(talk)).exists()
    undo(talk)
    assert shown(talk) == ["One", "First", "Two", "Second"]


def test_undoing_brings_all_of_it_back_and_shows_it(talk: Conversation) -> None:
    before = dict(talk.messages.values_list("pk", "parent"))
    part = delete_from(message(talk, "First"))
    assert undo(part) == talk
    assert dict(talk.messages.values_list("pk", "parent")) == before
    assert shown(talk) == ["One", "First", "Two", "Second"]
    assert Conversation.objects.count() == 1


def test_undoing_keeps_what_was_sent_meanwhile_as_another_version(talk: Conversation) -> None:
    part = delete_from(message(talk, "Two"))
    finish(send(talk, "New", token="n").reply, "Newer")
    undo(part)
    assert shown(talk) == ["One", "First", "Two", "Second"]
    assert show(message(talk, "New")) == ["One", "First", "New", "Newer"]


def test_what_was_deleted_can_be_asked_for_again_and_both_be_had(talk: Conversation) -> None:
    first = message(talk, "First")
    finish(regenerate(first, token="a"), "Again")
    part = delete_from(message(talk, "Again"))
    finish(regenerate(first, token="a"), "Once more")
    undo(part)
    versions_of_it = talk.messages.filter(parent=message(talk, "One"))
    assert set(versions_of_it.values_list("text", flat=True)) == {"First", "Again", "Once more"}


def test_undoing_brings_back_what_was_deleted_above_later(talk: Conversation) -> None:
    part = delete_from(message(talk, "Second"))
    delete_from(message(talk, "First"))
    undo(part)
    assert shown(talk) == ["One", "First", "Two", "Second"]


def test_undoing_brings_the_conversation_back_if_that_was_deleted_later(
    talk: Conversation,
) -> None:
    part = delete_from(message(talk, "Second"))
    deletion.mark_deleted(conversation=talk)
    assert undo(part) == talk
    assert queries.list_own(owner_of(talk)).get() == talk


def test_what_is_gone_for_good_can_not_be_undone(talk: Conversation) -> None:
    part = delete_from(message(talk, "Two"))
    delete_for_good()
    assert undo(part) is None
    assert set(Message.objects.values_list("text", flat=True)) == {"One", "First"}
    assert Conversation.objects.get() == talk


def test_nobody_deletes_or_undoes_for_somebody_else(bob: User, talk: Conversation) -> None:
    two = message(talk, "Two")
    with pytest.raises(Http404):
        deletion.delete_from_message(owner=bob, conversation_id=talk.pk, message_id=two.pk)
    part = delete_from(two)
    assert deletion.restore_conversation(owner=bob, conversation_id=part.pk) is None
    assert shown(talk) == ["One", "First"]


def test_a_running_reply_in_it_is_stopped_and_limits_nothing(talk: Conversation) -> None:
    two = message(talk, "Two")
    running = add_pending_reply(talk)
    live = get_channel().open_reply(running)
    delete_from(two)
    assert live.ended_as == Message.Status.STOPPED
    assert send(talk, "Next", token="n").reply.is_running
    get_channel().close_reply(live)


def test_it_is_out_of_search_and_exports_at_once(alice: User, talk: Conversation) -> None:
    worker.process_outbox()
    delete_from(message(talk, "Two"))
    assert not own_search.search_messages(alice, "Second").rows
    page = export.MessagePages(Conversation.objects.get(pk=talk.pk))
    assert [each.text for each in page.first] == ["One", "First"]
    assert queries.count_conversations(alice) == 1


def test_all_that_hangs_on_it_goes_and_comes_back(
    alice: User, rita: User, talk: Conversation
) -> None:
    Rule.objects.create(name="Numbers", kind="words", text="second")
    second = message(talk, "Second")
    give = partial(feedback.give_feedback, owner=alice, conversation_id=talk.pk)
    give(message_id=second.pk, rating="down")
    Note.objects.create(conversation=talk, message=second, text="Look", author=rita)
    worker.process_outbox()
    part = delete_from(message(talk, "Two"))
    worker.process_outbox()
    review = Review.objects.get(pk=talk.pk)
    assert (review.message_count, review.flag_count, review.thumbs_down) == (2, 0, 0)
    undo(part)
    worker.process_outbox()
    review.refresh_from_db()
    assert (review.message_count, review.flag_count, review.thumbs_down) == (4, 1, 1)
    assert Note.objects.get().conversation == talk
    delete_from(message(talk, "Two"))
    delete_for_good()
    assert not Flag.objects.exists()
    assert not Feedback.objects.exists()
    assert not Note.objects.exists()
    assert MessageDocument.objects.count() == 2


def test_a_flag_of_a_message_that_was_moved_meanwhile_is_where_the_message_is(
    talk: Conversation,
) -> None:
    Rule.objects.create(name="Numbers", kind="words", text="second")
    batch = worker.read_batch(20)
    assert batch
    part = delete_from(message(talk, "Two"))
    worker.process_batch(batch)
    assert Flag.objects.get().conversation == part


def test_under_a_hold_it_is_only_hidden(ada: User, rita: User, talk: Conversation) -> None:
    worker.process_outbox()
    holds.put_hold(conversation=talk, reason="A case", by=ada)
    talk.refresh_from_db()
    part = delete_from(message(talk, "Two"))
    worker.process_outbox()
    delete_for_good()
    part.refresh_from_db()
    assert (part.owner, part.is_held, part.messages.count()) == (None, True, 2)
    assert shown(talk) == ["One", "First"]
    assert undo_by(talk, part) is None


def undo_by(talk: Conversation, part: Conversation) -> Conversation | None:
    return deletion.restore_conversation(owner=owner_of(talk), conversation_id=part.pk)


@pytest.mark.parametrize("is_final", [True, False])
def test_releasing_the_hold_releases_what_was_deleted(
    ada: User, talk: Conversation, is_final: bool
) -> None:
    worker.process_outbox()
    holds.put_hold(conversation=talk, reason="A case", by=ada)
    talk.refresh_from_db()
    delete_from(message(talk, "Two"))
    if is_final:
        delete_for_good()
    holds.release_hold(conversation=talk, by=ada)
    delete_for_good()
    assert Conversation.objects.get() == talk
    assert set(Message.objects.values_list("text", flat=True)) == {"One", "First"}


def test_what_is_put_back_under_a_hold_has_one_hold(ada: User, talk: Conversation) -> None:
    worker.process_outbox()
    holds.put_hold(conversation=talk, reason="A case", by=ada)
    talk.refresh_from_db()
    undo(delete_from(message(talk, "Two")))
    talk.refresh_from_db()
    assert talk.is_held
    holds.release_hold(conversation=talk, by=ada)


def test_a_page_that_shows_what_was_deleted_is_brought_the_branch(talk: Conversation) -> None:
    seen = talk.leaf_id or 0
    delete_from(message(talk, "Two"))
    talk.refresh_from_db()
    page = queries.read_unseen_page(talk, seen)
    assert [each.text for each in page.messages] == ["One", "First"]


def test_a_version_can_be_switched_to_after_another_was_deleted(talk: Conversation) -> None:
    finish(regenerate(message(talk, "First")), "First again")
    finish(regenerate(message(talk, "First"), token="b"), "Third time")
    delete_from(message(talk, "Third time"))
    assert show(message(talk, "First again")) == ["One", "First again"]
    versions.show_version(
        owner=owner_of(talk),
        conversation_id=talk.pk,
        message_id=message(talk, "First").pk,
    )
    assert len(list(tree.list_branch(talk, message(talk, "Second").pk))) == 4


@pytest.mark.django_db(transaction=True)
def test_what_is_put_back_is_told_to_the_pages_of_its_owner(
    alice: User, talk: Conversation
) -> None:
    part = delete_from(message(talk, "Two"))
    with change_feed.feed.follow(alice.pk) as follower:
        undo(part)
        assert follower.list_changes == 1


def test_a_form_whose_reply_was_deleted_is_refused(talk: Conversation) -> None:
    turn = send(talk, "Three", token="a")
    finish(turn.reply, "Done.")
    delete_from(turn.reply)
    with pytest.raises(TurnRefusedError, match="deleted since"):
        send(talk, "Three", token="a")


def test_a_form_whose_message_was_deleted_begins_nothing(alice: User) -> None:
    begin = partial(turns.start_conversation, owner=alice, text="Hello", token="a")
    turn = begin()
    finish(turn.reply, "Done.")
    edit(turn.message, "Good morning")
    delete_from(turn.message)
    with pytest.raises(TurnRefusedError, match="deleted since"):
        begin()


def test_a_form_whose_first_reply_was_deleted_has_the_one_beside_it(talk: Conversation) -> None:
    turn = send(talk, "Three", token="a")
    beside = talk.messages.create(parent=turn.message, role="assistant", text="Third", slot=1)
    finish(turn.reply, "Done.")
    delete_from(turn.reply)
    assert send(talk, "Three", token="a").reply == beside
