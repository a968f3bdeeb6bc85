"""A save on top of what somebody else has saved meanwhile is refused, and loses nothing."""

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.review.models import Judgement, Review, Verdict
from tests.review.pages import url
from tests.views.html import parse


def test_a_save_on_top_of_what_was_not_seen_is_refused(
    rita_client: Client, rhea_client: Client, review: Review, odd: Verdict
) -> None:
    harmful = Verdict.objects.create(name="Bad")
    rhea_client.post(url(review, "judge"), {"version": 0, "verdict": odd.pk, "comment": "Hm."})
    form = {"version": 0, "verdict": harmful.pk, "comment": "Mine, at length."}
    response = rita_client.post(url(review, "judge"), form)
    assert response.status_code == 409
    page = parse(response)
    said = " ".join(page.by_id("stale-version").text.split())
    assert "rhea has saved something" in said
    assert "Odd" in said
    assert "Hm." in said
    assert page.one("textarea", name="comment").text == "Mine, at length."
    assert "checked" in page.one("input", name="verdict", value=str(harmful.pk)).attributes
    assert Judgement.objects.count() == 1


def test_saving_once_more_goes_through(
    rita_client: Client, rhea_client: Client, review: Review, odd: Verdict
) -> None:
    rhea_client.post(url(review, "judge"), {"version": 0, "verdict": odd.pk})
    page = parse(rita_client.post(url(review, "judge"), {"version": 0, "comment": "Mine."}))
    versions = {field["value"] for field in page.all("input", name="version")}
    assert versions == {"1"}
    form = {"version": "1", "comment": "Mine."}
    assert rita_client.post(url(review, "judge"), form).status_code == 302
    assert list(Judgement.objects.values_list("comment", flat=True)) == ["Mine.", ""]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("assign", {}),
        ("labels", {"new": "Typed"}),
        ("flag", {"flag": "on"}),
    ],
)
def test_every_form_is_refused_so(
    rita_client: Client, rhea_client: Client, review: Review, name: str, form: dict[str, str]
) -> None:
    rhea_client.post(url(review, "flag"), {"version": 0, "flag": "on"})
    response = rita_client.post(url(review, name), {"version": 0} | form)
    assert response.status_code == 409
    page = parse(response)
    assert "put by rhea" in page.by_id("stale-version").text
    if name == "labels":
        assert page.one("input", name="new")["value"] == "Typed"


def test_who_saved_is_told_also_when_they_are_gone(
    rita_client: Client, rhea: User, rhea_client: Client, review: Review
) -> None:
    rhea_client.post(url(review, "assign"), {"version": 0, "assignee": rhea.pk})
    rhea.delete()
    response = rita_client.post(url(review, "judge"), {"version": 0})
    assert "something flagged or saved" in parse(response).by_id("stale-version").text


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 12, "0\x00"])
def test_a_version_that_is_none_is_not_found(
    rita_client: Client, review: Review, version: str
) -> None:
    assert rita_client.post(url(review, "judge"), {"version": version}).status_code == 404
