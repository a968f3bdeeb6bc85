"""The site's policy in the administration."""

import pytest
from django.test import Client

from chatsite.accounts.models import SitePolicy
from chatsite.accounts.policy.starters import BUILT_IN, parse_starters
from tests.accounts.mails import Mails
from tests.views.html import parse

URL = "/admin/accounts/sitepolicy/1/change/"
FORM = {"sign_up": "open", "sign_up_domains": "", "second_factor": "staff"}


def test_it_is_one_form(ada_client: Client) -> None:
    response = ada_client.get("/admin/accounts/sitepolicy/", follow=True)
    assert response.redirect_chain == [(URL, 302)]


def test_what_is_saved_holds_at_once(ada_client: Client) -> None:
    assert SitePolicy.current().sign_up == "invitation"
    ada_client.post(URL, FORM)
    policy = SitePolicy.current()
    assert (policy.sign_up, policy.second_factor) == ("open", "staff")


def test_domains_have_to_be_listed(ada_client: Client, mails: Mails) -> None:
    response = ada_client.post(URL, FORM | {"sign_up": "domains"})
    assert "List the domains that may sign up." in parse(response).text
    assert SitePolicy.current().sign_up == "invitation"


def test_domains_need_mail(ada_client: Client) -> None:
    form = FORM | {"sign_up": "domains", "sign_up_domains": "example.com"}
    assert "Set EMAIL_URL" in parse(ada_client.post(URL, form)).text


@pytest.mark.parametrize("path", ["add/", "1/delete/"])
def test_there_is_no_second_and_no_none(ada_client: Client, path: str) -> None:
    assert ada_client.get(f"/admin/accounts/sitepolicy/{path}").status_code == 403


def test_domains_are_read_however_they_are_typed() -> None:
    policy = SitePolicy(sign_up_domains=" @Example.com\nexample.org,\n\n")
    assert policy.domains == {"example.com", "example.org"}


def test_ways_to_begin_are_changed_and_taken_away(ada_client: Client, alice_client: Client) -> None:
    form = FORM | {"second_factor": "nobody"}
    ada_client.post(URL, form | {"starters": "Tidy up | Tidy this text:\n\n  What is new?  \n|"})
    page = parse(alice_client.get("/"))
    assert [button["value"] for button in page.all("button", name="text")] == [
        "Tidy this text:",
        "What is new?",
    ]
    ada_client.post(URL, form | {"starters": ""})
    assert "Ways to begin" not in alice_client.get("/").content.decode()


def test_ways_to_begin_are_few(ada_client: Client) -> None:
    response = ada_client.post(URL, FORM | {"starters": "One more\n" * 9})
    assert "List at most 8 ways to begin." in parse(response).text


def test_the_built_in_ways_to_begin_are_read_as_they_are_written() -> None:
    assert tuple(parse_starters(SitePolicy().starters)) == BUILT_IN
