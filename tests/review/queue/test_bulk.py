"""Several conversations judged, assigned or labelled at once."""

import uuid

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review.models import Judgement, Label, Labelling, Review, Verdict
from tests.review.queue.rows import add_reviews
from tests.views.html import Page, parse

URL = "/admin/review/review/"


@pytest.fixture
def reviews(alice: User) -> list[Review]:
    return add_reviews(alice, [{} for _ in range(3)])


def send(client: Client, reviews: list[Review], action: str, **data: str) -> Page:
    """As the form of the page does; the page that follows."""
    chosen = [f"{review.pk}:{review.version}" for review in reviews]
    form = {"action": action, "chosen": chosen, "here": "sort=-cost", **data}
    return parse(client.post(f"{URL}bulk/", form, follow=True))


def states() -> list[str]:
    return list(Review.objects.values_list("state", flat=True))


def test_those_chosen_are_marked_as_reviewed(
    rita_client: Client, rita: User, reviews: list[Review]
) -> None:
    page = send(rita_client, reviews[:2], "reviewed")
    assert states() == ["reviewed", "reviewed", "unreviewed"]
    assert {judgement.reviewer for judgement in Judgement.objects.all()} == {rita}
    assert "2 conversations were changed." in page.text


def test_what_was_judged_keeps_its_verdict(rita_client: Client, reviews: list[Review]) -> None:
    Review.objects.update(verdict=Verdict.objects.get(name="Harmful"))
    send(rita_client, reviews[:1], "reviewed")
    assert str(Review.objects.all()[0].verdict) == "Harmful"


def test_they_are_put_to_review(rita_client: Client, reviews: list[Review]) -> None:
    send(rita_client, reviews[:2], "waiting")
    assert states() == ["waiting", "waiting", "unreviewed"]


def test_they_are_given_a_verdict(rita_client: Client, reviews: list[Review]) -> None:
    verdict = Verdict.objects.get(name="Harmful")
    send(rita_client, reviews[:1], f"verdict:{verdict.pk}")
    assert states() == ["reviewed", "unreviewed", "unreviewed"]
    assert Judgement.objects.get().verdict == verdict


@pytest.mark.parametrize("name", ["rita", "ada"])
def test_they_are_assigned(
    rita_client: Client, ada: User, reviews: list[Review], name: str
) -> None:
    send(rita_client, reviews, f"assign:{name}")
    assert set(Review.objects.values_list("assignee__username", flat=True)) == {name}
    again = list(Review.objects.all())
    send(rita_client, again, "assign:")
    assert not Review.objects.exclude(assignee=None).exists()


def test_nobody_is_assigned_who_may_not_judge(
    rita_client: Client, alice: User, reviews: list[Review]
) -> None:
    page = send(rita_client, reviews, "assign:alice")
    assert "That can’t be done any more." in page.text
    assert not Review.objects.exclude(assignee=None).exists()


def test_they_are_labelled_once(rita_client: Client, reviews: list[Review]) -> None:
    label = Label.objects.create(name="Billing")
    for _ in range(2):
        send(rita_client, list(Review.objects.all()[:2]), f"label:{label.pk}")
    assert Labelling.objects.filter(label=label).count() == 2


def test_what_somebody_else_has_changed_is_left_and_named(
    rita_client: Client, reviews: list[Review]
) -> None:
    Review.objects.filter(pk=reviews[0].pk).update(version=1, state="waiting")
    page = send(rita_client, reviews[:2], "reviewed")
    assert states() == ["waiting", "reviewed", "unreviewed"]
    assert "left as it is; look again: “Talk 0”" in page.text


def test_what_its_owner_deleted_is_out_of_reach(rita_client: Client, reviews: list[Review]) -> None:
    Conversation.objects.filter(pk=reviews[0].pk).update(owner=None)
    page = send(rita_client, reviews[:1], "reviewed")
    assert states() == ["unreviewed"] * 3
    assert "1 conversation isn’t there any more." in page.text


@pytest.mark.parametrize(
    "chosen", [[], ["x"], [":"], [f"{uuid.uuid5(uuid.NAMESPACE_DNS, 'x')}:x"], ["\0:1"]]
)
def test_what_is_no_choice_changes_nothing(
    rita_client: Client, reviews: list[Review], chosen: list[str]
) -> None:
    form = {"action": "reviewed", "chosen": chosen}
    page = parse(rita_client.post(f"{URL}bulk/", form, follow=True))
    assert "No conversation was chosen." in page.text


@pytest.mark.parametrize("action", ["", "x", "verdict:x", "verdict:999", "label:", "\0"])
def test_what_can_not_be_done_is_refused(
    rita_client: Client, reviews: list[Review], action: str
) -> None:
    page = send(rita_client, reviews, action)
    assert "Choose what to do with the conversations." in page.text
    assert not Judgement.objects.exists()


def test_one_comes_back_to_where_one_was(rita_client: Client, reviews: list[Review]) -> None:
    form = {"action": "reviewed", "here": "state=waiting&after=x"}
    response = rita_client.post(f"{URL}bulk/", form)
    assert response["Location"] == f"{URL}?state=waiting&after=x"


def test_whoever_may_only_look_changes_nothing(rita_client: Client, reviews: list[Review]) -> None:
    role = User.objects.get(username="rita").groups.get(name="reviewer")
    role.permissions.remove(*role.permissions.filter(codename="change_review"))
    assert rita_client.post(f"{URL}bulk/", {"action": "reviewed"}).status_code == 403
