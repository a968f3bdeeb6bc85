"""Signing out."""

from django.contrib.sessions.models import Session
from django.test import Client

from tests.views.html import parse

URL = "/accounts/logout/"


def test_a_post_signs_out(alice_client: Client) -> None:
    response = alice_client.post(URL)
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert alice_client.get("/").status_code == 302


def test_the_session_is_gone_from_the_database(alice_client: Client) -> None:
    key = alice_client.session.session_key
    alice_client.post(URL)
    assert not Session.objects.filter(pk=key).exists()


def test_a_link_asks_first(alice_client: Client) -> None:
    page = parse(alice_client.get(URL))
    assert page.one("h1").text == "Sign out?"
    assert alice_client.get("/").status_code == 200


def test_it_leads_to_no_other_site(alice_client: Client) -> None:
    assert alice_client.post(URL, {"next": "//evil.example/"})["Location"] == "/accounts/login/"
