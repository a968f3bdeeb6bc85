"""Nobody judges, flags, labels or clears what they wrote themselves."""

from collections.abc import Callable

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.decisions import decisions, flags, labels, notes
from conversations.review.models import Flag, Judgement, Label, Labelling, Note, Review, Verdict
from conversations.review.queue import bulk
from conversations.review.retention import holds
from tests.factories import make_conversation
from tests.review.pages import text_of, url

SENTENCE = "Nothing was changed: nobody reviews their own conversation."


@pytest.fixture
def own(rita: User) -> Review:
    """rita's, who reviews."""
    conversation = make_conversation(rita, "Hello", "Hi")
    worker.process_outbox()
    return Review.objects.get(pk=conversation.pk)


def judge(own: Review, rita: User) -> None:
    decisions.record_decision(review=own, reviewer=rita, version=0, verdict=None)


def take_back(own: Review, rita: User) -> None:
    decisions.record_decision(review=own, reviewer=rita, version=0, verdict=None, is_reviewed=False)


def assign(own: Review, rita: User) -> None:
    decisions.assign_review(review=own, assignee=None, reviewer=rita, version=0)


def assign_to_owner(own: Review, rita: User) -> None:
    decisions.assign_review(review=own, assignee=rita)


def flag(own: Review, rita: User) -> None:
    flags.flag_conversation(review=own, reviewer=rita, version=0)


def unflag(own: Review, rita: User) -> None:
    flags.unflag_conversation(review=own, reviewer=rita, version=0)


def label(own: Review, rita: User) -> None:
    labels.set_labels(review=own, reviewer=rita, version=0, labels=[], new="Fine")


def note(own: Review, rita: User) -> None:
    notes.add_note(review=own, author=rita, text="It was a joke.")


@pytest.mark.parametrize(
    "act", [judge, take_back, assign, assign_to_owner, flag, unflag, label, note]
)
def test_the_service_refuses(own: Review, rita: User, act: Callable[[Review, User], None]) -> None:
    Flag.objects.create(conversation_id=own.pk)
    with pytest.raises(decisions.OwnConversationError):
        act(own, rita)
    assert Review.objects.get().version == 0
    counts = [model.objects.count() for model in (Judgement, Labelling, Label, Note)]
    assert (counts, Flag.objects.count()) == ([0] * 4, 1)


def test_also_when_its_owner_has_deleted_it(own: Review, rita: User) -> None:
    Conversation.objects.update(owner=None)
    with pytest.raises(decisions.OwnConversationError):
        judge(own, rita)


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("judge", {"version": 0, "verdict": ""}),
        ("flag", {"version": 0, "flag": "on"}),
        ("labels", {"version": 0, "new": "Fine"}),
        ("assign", {"version": 0, "assignee": ""}),
        ("notes", {"text": "It was a joke."}),
    ],
)
def test_a_form_is_answered_with_a_sentence(
    rita_client: Client, own: Review, form: str, fields: dict[str, object]
) -> None:
    response = rita_client.post(url(own, form), fields, follow=True)
    assert SENTENCE in response.content.decode()
    assert Review.objects.get().version == 0


def test_its_page_has_no_forms_and_says_why(rita_client: Client, own: Review) -> None:
    text = text_of(rita_client, own)
    assert "This conversation is your own: somebody else reviews it." in text
    assert "Mark as reviewed" not in text


def test_others_review_it(rhea_client: Client, own: Review) -> None:
    rhea_client.post(url(own, "judge"), {"version": 0, "verdict": ""})
    assert Review.objects.get().state == "reviewed"


def test_of_many_their_own_is_passed_over_and_counted(rita: User, own: Review, alice: User) -> None:
    make_conversation(alice, "Hello")
    worker.process_outbox()
    reviews = list(Review.objects.select_related("conversation"))
    outcome = bulk.apply_action(
        action=bulk.MarkReviewed(),
        reviews=reviews,
        versions={review.pk: 0 for review in reviews},
        reviewer=rita,
    )
    assert (outcome.done, outcome.own, outcome.stale) == (1, 1, [])
    assert Review.objects.get(pk=own.pk).state == "unreviewed"


def test_the_queue_says_so(rita_client: Client, own: Review) -> None:
    form = {"action": "reviewed", "chosen": f"{own.pk}:0"}
    text = rita_client.post("/admin/review/review/bulk/", form, follow=True).content.decode()
    assert "1 conversation was left as it is: nobody reviews their own." in text


def test_an_administrator_does_not_release_a_hold_on_their_own(ada: User, rita: User) -> None:
    conversation = make_conversation(ada, "Hello")
    worker.process_outbox()
    holds.put_hold(conversation=conversation, reason="A case.", by=rita)
    with pytest.raises(holds.HoldRefusedError, match="your own conversation"):
        holds.release_hold(conversation=conversation, by=ada)
    conversation.refresh_from_db()
    assert conversation.is_held


def test_a_verdict_of_somebody_else_stands(own: Review, rita: User, rhea: User) -> None:
    odd = Verdict.objects.create(name="Odd")
    decisions.record_decision(review=own, reviewer=rhea, version=0, verdict=odd)
    with pytest.raises(decisions.OwnConversationError):
        decisions.record_decision(
            review=own, reviewer=rita, version=1, verdict=None, is_reviewed=False
        )
    assert Review.objects.get().verdict == odd
