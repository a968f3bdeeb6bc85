"""Verdicts, given by the form of a transcript."""

from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review.models import Judgement, Review, Verdict
from tests.review.pages import text_of, url
from tests.views.html import parse


def test_a_verdict_is_given(rita_client: Client, rita: User, review: Review, odd: Verdict) -> None:
    form = {"version": 0, "verdict": odd.pk, "comment": "It is."}
    rita_client.post(url(review, "judge"), form)
    review.refresh_from_db()
    assert (review.state, review.verdict, review.version) == ("reviewed", odd, 1)
    assert review.reviewed_at
    judgement = Judgement.objects.get()
    assert (judgement.verdict, judgement.reviewer) == (odd, rita)
    assert (judgement.comment, judgement.is_reviewed) == ("It is.", True)


def test_a_conversation_is_reviewed_without_a_verdict(rita_client: Client, review: Review) -> None:
    rita_client.post(url(review, "judge"), {"version": 0, "verdict": ""})
    review.refresh_from_db()
    assert (review.state, review.verdict) == ("reviewed", None)


def test_a_review_is_taken_back(rita_client: Client, review: Review, odd: Verdict) -> None:
    rita_client.post(url(review, "judge"), {"version": 0, "verdict": odd.pk})
    form = {"version": 1, "verdict": odd.pk, "take_back": "on"}
    rita_client.post(url(review, "judge"), form)
    review.refresh_from_db()
    assert (review.state, review.verdict, review.reviewed_at) == ("waiting", None, None)


def test_the_history_tells_who_said_what(
    rita_client: Client, rhea_client: Client, review: Review, odd: Verdict
) -> None:
    rhea_client.post(url(review, "judge"), {"version": 0, "verdict": odd.pk, "comment": "Hm."})
    rita_client.post(url(review, "judge"), {"version": 1, "take_back": "on"})
    text = text_of(rita_client, review)
    assert "rita took the review back" in text
    assert "rhea said Odd" in text
    assert "Hm." in text


def test_the_history_outlives_its_reviewers(
    rita_client: Client, rhea: User, rhea_client: Client, review: Review, odd: Verdict
) -> None:
    rhea_client.post(url(review, "judge"), {"version": 0, "verdict": odd.pk})
    rhea_client.post(url(review, "notes"), {"text": "A note."})
    rhea.delete()
    text = text_of(rita_client, review)
    assert "a former reviewer said Odd" in text
    assert "A note." in text


def test_a_verdict_off_the_list_is_not_offered(
    rita_client: Client, review: Review, odd: Verdict
) -> None:
    Verdict.objects.update(is_active=False)
    assert "Odd" not in text_of(rita_client, review)
    response = rita_client.post(url(review, "judge"), {"version": 0, "verdict": odd.pk})
    assert response.status_code == 422
    assert "no longer be chosen" in parse(response).text


def test_a_verdict_off_the_list_stays_where_it_was_given(
    rita_client: Client, review: Review, odd: Verdict
) -> None:
    rita_client.post(url(review, "judge"), {"version": 0, "verdict": odd.pk})
    Verdict.objects.update(is_active=False)
    form = {"version": 1, "verdict": odd.pk, "comment": "Still."}
    assert rita_client.post(url(review, "judge"), form).status_code == 302


def test_one_comes_back_to_the_same_place(rita_client: Client, review: Review) -> None:
    query = f"?state=waiting&message={review.conversation.leaf_id}"
    response = rita_client.post(url(review, "judge") + query, {"version": 0})
    assert response["Location"] == f"{url(review)}{query}#judging"


def test_a_role_taken_away_takes_effect_at_once(
    rita_client: Client, rita: User, review: Review
) -> None:
    rita.groups.clear()
    assert rita_client.post(url(review, "judge"), {"version": 0}).status_code == 403
    assert not Judgement.objects.exists()


def test_a_held_conversation_without_owner_is_judged_by_those_who_may_see_it(
    rita_client: Client, ada_client: Client, review: Review
) -> None:
    Conversation.objects.update(owner=None, is_held=True)
    for name in ("judge", "assign", "labels", "flag", "notes"):
        form = {"version": 0, "flag": "on", "text": "Note."}
        assert rita_client.post(url(review, name), form).status_code == 404
    assert ada_client.post(url(review, "judge"), {"version": 0}).status_code == 302
