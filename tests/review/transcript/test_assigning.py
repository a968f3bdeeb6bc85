"""Conversations are assigned to those who may judge them."""

from django.test import Client

from chatsite.accounts.models import User
from conversations.review.models import Review
from tests.review.pages import url
from tests.views.html import parse


def test_it_is_assigned_and_put_into_the_queue(
    rita_client: Client, rita: User, review: Review
) -> None:
    rita_client.post(url(review, "assign"), {"version": 0, "assignee": ["", rita.pk]})
    review.refresh_from_db()
    assert (review.assignee, review.state, review.version) == (rita, "waiting", 1)


def test_assigning_leaves_a_review_as_it_is(
    rita_client: Client, rita: User, review: Review
) -> None:
    rita_client.post(url(review, "judge"), {"version": 0})
    rita_client.post(url(review, "assign"), {"version": 1, "assignee": rita.pk})
    review.refresh_from_db()
    assert review.state == "reviewed"


def test_it_is_assigned_to_nobody(rita_client: Client, rita: User, review: Review) -> None:
    Review.objects.update(assignee=rita)
    rita_client.post(url(review, "assign"), {"version": 0, "assignee": ""})
    review.refresh_from_db()
    assert review.assignee is None


def test_who_can_not_review_is_assigned_nothing(
    rita_client: Client, review: Review, alice: User
) -> None:
    response = rita_client.post(url(review, "assign"), {"version": 0, "assignee": alice.pk})
    assert response.status_code == 422
    assert "no longer review" in parse(response).text


def test_those_who_may_judge_are_offered(
    rita_client: Client, review: Review, ada: User, bob: User, rhea: User
) -> None:
    User.objects.create_superuser("sue", "sue@example.com", "correct horse")
    User.objects.filter(pk=rhea.pk).update(is_active=False)
    page = parse(rita_client.get(url(review)))
    assert [option.text for option in page.all("option")] == ["Nobody", "ada", "rita", "sue"]
