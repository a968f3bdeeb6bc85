"""Names for URLs of the queue."""

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.review.models import SavedFilter
from conversations.review.queue import saved_filters
from tests.views.html import parse

URL = "/admin/review/review/"


def save(client: Client, name: str, query: str) -> str:
    response = client.post(f"{URL}filters/", {"name": name, "query": query}, follow=True)
    return parse(response).text


def test_a_filter_is_saved_as_its_address(rita_client: Client, rita: User) -> None:
    save(rita_client, "Pricey", "sort=-cost&state=waiting&nonsense=1&after=x")
    saved = SavedFilter.objects.get()
    assert (saved.user, saved.query) == (rita, "state=waiting&sort=-cost")
    link = parse(rita_client.get(URL)).one("a", href=f"{URL}?state=waiting&sort=-cost")
    assert link.text == "Pricey"


def test_the_same_name_again_replaces_it(rita_client: Client) -> None:
    save(rita_client, "Pricey", "sort=-cost")
    save(rita_client, "Pricey", "sort=-tokens")
    assert SavedFilter.objects.get().query == "sort=-tokens"


def test_others_do_not_see_it(rita_client: Client, ada_client: Client) -> None:
    save(rita_client, "Pricey", "sort=-cost")
    assert "Pricey" not in parse(ada_client.get(URL)).text


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "\0"])
def test_a_name_that_is_none_is_refused(rita_client: Client, name: str) -> None:
    assert "needs a name" in save(rita_client, name, "sort=-cost")
    assert not SavedFilter.objects.exists()


def test_there_is_an_end_to_them(rita_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_filters, "MOST", 1)
    save(rita_client, "Pricey", "sort=-cost")
    assert "Delete one first." in save(rita_client, "Long", "sort=-messages")
    assert SavedFilter.objects.get().name == "Pricey"


def test_it_is_deleted(rita_client: Client, rita: User) -> None:
    saved = SavedFilter.objects.create(user=rita, name="Pricey", query="sort=-cost")
    rita_client.post(f"{URL}filters/{saved.pk}/delete/")
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("number", ["1", "9" * 30])
def test_nobody_deletes_that_of_another(ada_client: Client, rita: User, number: str) -> None:
    SavedFilter.objects.create(pk=1, user=rita, name="Pricey", query="sort=-cost")
    assert ada_client.post(f"{URL}filters/{number}/delete/").status_code == 404
    assert SavedFilter.objects.exists()
