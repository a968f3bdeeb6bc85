"""The policy of reviews: one form."""

from typing import Any

import pytest
from django.test import Client

from conversations.review.models import ReviewPolicy

FORM = "/admin/review/reviewpolicy/1/change/"


def test_administrators_change_it(ada_client: Client) -> None:
    response = ada_client.post(FORM, {"reason": "required", "tells_users": "on"})
    assert response.status_code == 302
    policy = ReviewPolicy.objects.get()
    assert (policy.reason, policy.tells_users) == ("required", True)


def test_a_change_counts_at_once(ada_client: Client) -> None:
    assert ReviewPolicy.current().reason == "optional"
    ada_client.post(FORM, {"reason": "none"})
    assert ReviewPolicy.current().reason == "none"


def test_its_list_leads_to_the_one_form(ada_client: Client) -> None:
    assert ada_client.get("/admin/review/reviewpolicy/")["Location"] == FORM


@pytest.mark.parametrize("method", ["get", "post"])
def test_reviewers_can_not_see_or_change_it(rita_client: Client, method: str) -> None:
    assert getattr(rita_client, method)(FORM, {"reason": "none"}).status_code == 403
    assert ReviewPolicy.current().reason == "optional"


@pytest.mark.parametrize("number", ["2", "x", "9" * 30])
def test_there_is_only_one(ada_client: Client, number: str) -> None:
    response: Any = ada_client.get(f"/admin/review/reviewpolicy/{number}/change/")
    assert response.status_code == 302
    assert ReviewPolicy.objects.filter(pk=2).count() == 0


def test_what_is_no_choice_is_refused(ada_client: Client) -> None:
    assert ada_client.post(FORM, {"reason": "nonsense"}).status_code == 200
    assert ReviewPolicy.current().reason == "optional"
