"""What becomes of review when a user or a reviewer is erased."""

import pytest

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.models import User
from conversations.models import Conversation, Feedback
from conversations.review.models import AccessEntry, Export, Judgement, Note, Review, SavedFilter
from tests.review.rows import accessed, kept_by, reviewed, told_of

ALL = (Feedback, Judgement, Note, Review)


@pytest.fixture
def review(conversation: Conversation, rita: User) -> Review:
    """rita's, of alice's conversation."""
    told_of(conversation, comment="Not what I asked")
    accessed(conversation, rita, terms="hello")
    kept_by(rita, query="state=waiting", name="Mine")
    return reviewed(conversation, rita, said="Escalated.")


def test_with_a_user_goes_what_was_said_of_their_conversations(review: Review, alice: User) -> None:
    erase_user(user=alice)
    assert [model.objects.count() for model in ALL] == [0, 0, 0, 0]


def test_what_a_reviewer_said_stays_without_their_name(review: Review, rita: User) -> None:
    erase_user(user=rita)
    assert {(note.author, note.text) for note in Note.objects.all()} == {(None, "Escalated.")}
    judgement = Judgement.objects.get()
    assert (judgement.reviewer, judgement.comment) == (None, "Escalated.")
    review.refresh_from_db()
    assert (review.assignee, review.state) == (None, "reviewed")


def test_what_a_reviewer_kept_for_themselves_goes(review: Review, rita: User) -> None:
    erase_user(user=rita)
    assert not SavedFilter.objects.exists()
    assert not Export.objects.exists()


@pytest.mark.parametrize("name", ["alice", "rita"])
def test_the_log_stays_as_it_is(review: Review, name: str) -> None:
    before = list(AccessEntry.objects.values())
    assert len(before) == 2
    erase_user(user=User.objects.get(username=name))
    assert list(AccessEntry.objects.values()) == before
