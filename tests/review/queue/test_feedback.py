"""What feedback means for review."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review import review_rows as reviews
from conversations.review.decisions import decisions
from conversations.review.models import Review
from conversations.services import feedback
from tests.factories import owner_of

pytestmark = pytest.mark.django_db


def give(conversation: Conversation, rating: str) -> Review:
    feedback.give_feedback(
        owner=owner_of(conversation),
        conversation_id=conversation.pk,
        message_id=conversation.leaf_id or 0,
        rating=rating,
    )
    return Review.objects.get()


def test_a_bad_reply_puts_the_conversation_into_the_queue(conversation: Conversation) -> None:
    worker.process_outbox()
    review = give(conversation, "down")
    assert (review.state, review.thumbs_down, review.thumbs_up) == ("waiting", 1, 0)


def test_it_does_even_before_the_conversation_has_a_row(conversation: Conversation) -> None:
    assert give(conversation, "down").state == "waiting"


def test_it_does_again_after_a_review(conversation: Conversation) -> None:
    give(conversation, "up")
    Review.objects.update(state="reviewed")
    assert give(conversation, "down").state == "waiting"


def test_who_has_not_seen_it_does_not_take_it_out_again(
    conversation: Conversation, rita: User
) -> None:
    seen = give(conversation, "up")
    give(conversation, "down")
    with pytest.raises(decisions.StaleVersionError):
        decisions.record_decision(review=seen, reviewer=rita, version=seen.version, verdict=None)


def test_a_new_row_is_there_before_anything_is_counted(conversation: Conversation) -> None:
    with CaptureQueriesContext(connection) as queries:
        reviews.refresh_rows({conversation.pk})
    sql = [query["sql"] for query in queries]
    added = next(i for i, each in enumerate(sql) if 'INTO "review_review"' in each)
    counted = next(i for i, each in enumerate(sql) if 'FROM "conversations_feedback"' in each)
    assert added < counted


def test_a_good_reply_is_counted_only(conversation: Conversation) -> None:
    review = give(conversation, "up")
    assert (review.state, review.thumbs_up) == ("unreviewed", 1)


def test_a_change_of_mind_is_counted(conversation: Conversation) -> None:
    give(conversation, "down")
    review = give(conversation, "up")
    assert (review.state, review.thumbs_down, review.thumbs_up) == ("waiting", 0, 1)


def test_a_comment_alone_asks_for_no_other_review(conversation: Conversation) -> None:
    give(conversation, "down")
    Review.objects.update(state="reviewed")
    feedback.explain_feedback(
        owner=owner_of(conversation),
        conversation_id=conversation.pk,
        message_id=conversation.leaf_id or 0,
        rating="down",
        reason="wrong",
        comment="",
    )
    assert Review.objects.get().state == "reviewed"


def test_what_is_taken_back_is_not_counted(conversation: Conversation) -> None:
    give(conversation, "down")
    feedback.take_back_feedback(
        owner=owner_of(conversation),
        conversation_id=conversation.pk,
        message_id=conversation.leaf_id or 0,
    )
    assert Review.objects.get().thumbs_down == 0
