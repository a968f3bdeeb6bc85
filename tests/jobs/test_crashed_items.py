"""Administrators read which jobs crashed, and have them tried again."""

import pytest
from django.test import Client
from django.utils import timezone

from chatsite.jobs.models import CrashedItem
from tests.views.html import parse

LIST = "/admin/jobs/crasheditem/"


@pytest.fixture
def crashed(db: None) -> CrashedItem:
    return CrashedItem.objects.create(
        job="review", item="message 7", crashes=2, set_aside_at=timezone.now()
    )


def test_the_first_page_tells_administrators(ada_client: Client, crashed: CrashedItem) -> None:
    page = parse(ada_client.get("/admin/"))
    assert "killed the server twice" in page.text
    assert page.all("a", href=LIST)[0].text == "See what isn’t done because of it"


def test_it_tells_nobody_else(rita_client: Client, crashed: CrashedItem) -> None:
    assert "killed the server twice" not in parse(rita_client.get("/admin/")).text


def test_while_nothing_is_set_aside_it_is_silent(ada_client: Client) -> None:
    assert "killed the server twice" not in parse(ada_client.get("/admin/")).text


def test_the_list_says_what_is_not_done(ada_client: Client, crashed: CrashedItem) -> None:
    text = parse(ada_client.get(LIST)).text
    assert "message 7" in text
    assert "It is not found by search, and rules don’t look at it." in text


def test_the_button_has_it_tried_again(ada_client: Client, crashed: CrashedItem) -> None:
    page = ada_client.post(LIST, {"_try_again": str(crashed.pk)}, follow=True)
    assert "It will be tried again." in parse(page).text
    crashed.refresh_from_db()
    assert crashed.set_aside_at is None


def test_what_is_gone_by_then_is_not_found(ada_client: Client) -> None:
    assert ada_client.post(LIST, {"_try_again": "7"}).status_code == 404


def test_reviewers_may_not(rita_client: Client, crashed: CrashedItem) -> None:
    assert rita_client.post(LIST, {"_try_again": str(crashed.pk)}).status_code == 403


def test_before_the_second_crash_nothing_is_left_undone(
    ada_client: Client, crashed: CrashedItem
) -> None:
    CrashedItem.objects.update(crashes=1, set_aside_at=None)
    text = parse(ada_client.get(LIST)).text
    assert "Will be tried once more, alone" in text
    assert "Nothing is left undone yet." in text
