"""What administrators say of privacy is shown where people get in and where they write."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from chatsite.accounts.invitations.services import build_invitation_link, create_invitation
from chatsite.accounts.models import SitePolicy, User
from conversations.models import Conversation
from tests.views.html import Element, parse

NOTICE = "Reviewers may read <b>what you write</b>.\nAsk ada & bob."


@pytest.fixture
def notice(db: None) -> None:
    SitePolicy(pk=1, privacy_notice=f"\n{NOTICE}\n\n", sign_up="open").save()


def shown(client: Client, path: str) -> list[Element]:
    response = client.get(path, follow=True)
    assert response.status_code == 200
    return parse(response).all("p", **{"class": "privacy-text"})


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
def test_where_people_get_in(client: Client, notice: None, path: str) -> None:
    (text,) = shown(client, path)
    assert text.text == NOTICE


def test_where_people_come_with_an_invitation(client: Client, notice: None, ada: User) -> None:
    link = build_invitation_link(create_invitation(created_by=ada))
    (text,) = shown(client, urlsplit(link).path)
    assert text.text == NOTICE


def test_where_a_chat_begins(alice_client: Client, notice: None) -> None:
    (text,) = shown(alice_client, "/")
    assert text.text == NOTICE


def test_where_a_chat_goes_on(
    alice_client: Client, conversation: Conversation, notice: None
) -> None:
    page = parse(alice_client.get(conversation.get_absolute_url()))
    (text,) = page.all("p", **{"class": "privacy-text"})
    assert text.text == NOTICE
    assert page.one("button", commandfor="privacy-dialog", command="show-modal").text == "Privacy"
    assert page.by_id("privacy-dialog").tag == "dialog"


def test_only_its_first_words_stand_under_the_composer(alice_client: Client, db: None) -> None:
    SitePolicy(pk=1, privacy_notice="word " * 400).save()
    line = parse(alice_client.get("/")).one("p", **{"class": "privacy-line"})
    assert line.text.count("word") == 14


def test_it_is_text(alice_client: Client, client: Client, notice: None) -> None:
    for html in (alice_client.get("/").content, client.get("/accounts/login/").content):
        assert b"<b>what" not in html
        assert b"&lt;b&gt;what you write&lt;/b&gt;.\nAsk ada &amp; bob." in html


@pytest.mark.parametrize("empty", ["", "  \n "])
def test_without_one_nothing_is_shown(
    alice_client: Client, client: Client, db: None, empty: str
) -> None:
    SitePolicy(pk=1, privacy_notice=empty).save()
    assert b"rivacy" not in client.get("/accounts/login/").content
    assert b"rivacy" not in alice_client.get("/").content
