"""“My data”: downloading it, and deleting the account."""

import io
import secrets
import time
import zipfile

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from conversations.models import Conversation, Message
from conversations.views import rights
from tests.accounts.second_factor.factors import add_app, add_codes
from tests.conftest import signed_in, with_role
from tests.factories import make_conversation
from tests.views.html import parse

DELETE = "/accounts/data/delete/"
LAST = "This is the last administrator."


def exists(user: User) -> bool:
    return User.objects.filter(pk=user.pk).exists()


# The page


def test_the_page_says_what_is_kept(alice_client: Client, alice: User) -> None:
    make_conversation(alice)
    make_conversation(alice)
    page = parse(alice_client.get("/accounts/data/"))
    assert "2 conversations" in page.text
    assert "api.aimlapi.com" in page.text
    assert page.one("a", href=DELETE)


def test_the_last_administrator_is_told(ada_client: Client) -> None:
    page = parse(ada_client.get("/accounts/data/"))
    assert LAST in page.text
    assert not page.all("a", href=DELETE)


# Downloading


def test_the_download_is_a_zip(alice_client: Client, conversation: Conversation) -> None:
    response = alice_client.post("/accounts/data/download/")
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith('attachment; filename="chat-alice-20')
    archive = zipfile.ZipFile(io.BytesIO(response.getvalue()))
    assert len(archive.namelist()) == 4


def test_it_is_not_compressed_once_more(alice_client: Client, alice: User) -> None:
    response = alice_client.post("/accounts/data/download/", headers={"Accept-Encoding": "gzip"})
    assert response.getvalue().startswith(b"PK")
    assert "no-store" in response["Cache-Control"]


def test_a_name_without_latin_letters_can_be_downloaded(db: None) -> None:
    response = signed_in(User.objects.create_user("花子")).post("/accounts/data/download/")
    assert 'filename="chat-data-' in response["Content-Disposition"]
    assert response.getvalue()


def test_it_breaks_off_when_its_user_is_deactivated(
    alice_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "RECHECK", 0)
    make_conversation(alice, *[f"{secrets.token_hex(30_000)}" for _ in range(8)])
    pieces = iter(alice_client.post("/accounts/data/download/"))
    next(pieces)
    User.objects.update(is_active=False)
    with pytest.raises(ConnectionResetError):
        list(pieces)


# Deleting


def confirm(client: Client) -> None:
    """Types the password once more."""
    form = {"password": "correct horse", "next": DELETE}
    assert client.post("/accounts/reauthenticate/", form)["Location"] == DELETE


def test_the_password_is_asked_for_first(alice_client: Client) -> None:
    response = alice_client.get(DELETE)
    assert response["Location"] == f"/accounts/reauthenticate/?next={DELETE.replace('/', '%2F')}"


def test_having_signed_in_is_not_enough(client: Client, alice: User) -> None:
    client.post("/accounts/login/", {"login": "alice", "password": "correct horse"})
    assert client.get(DELETE).status_code == 302
    client.post(DELETE)
    assert exists(alice)


def test_a_wrong_password_deletes_nothing(alice_client: Client, alice: User) -> None:
    form = {"password": "wrong", "next": DELETE}
    assert alice_client.post("/accounts/reauthenticate/", form).status_code == 200
    alice_client.post(DELETE)
    assert exists(alice)


def test_the_password_leads_to_the_question(alice_client: Client, alice: User) -> None:
    confirm(alice_client)
    page = parse(alice_client.get(DELETE))
    assert page.one("h1").text == "Delete your account?"
    assert not page.all("input", name="username")
    assert exists(alice)


def test_a_form_that_was_sent_first_is_asked_again(alice_client: Client, alice: User) -> None:
    assert alice_client.post(DELETE)["Location"] == DELETE
    confirm(alice_client)
    assert exists(alice)


def test_a_password_of_six_minutes_ago_does_not_count(alice_client: Client, alice: User) -> None:
    confirm(alice_client)
    session = alice_client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] = time.time() - 360
    session.save()
    alice_client.post(DELETE)
    assert exists(alice)


def test_the_account_is_gone(alice_client: Client, alice: User, conversation: Conversation) -> None:
    confirm(alice_client)
    response = alice_client.post(DELETE, follow=True)
    assert parse(response).one("h1").text == "Your account is deleted"
    assert not exists(alice)
    assert not Message.objects.exists()


def test_every_browser_is_signed_out(alice_client: Client, alice: User) -> None:
    other = signed_in(alice)
    confirm(alice_client)
    alice_client.post(DELETE)
    assert "sessionid" not in {key for key, morsel in alice_client.cookies.items() if morsel.value}
    assert other.get("/").status_code == 302


def test_others_stay(alice_client: Client, bob: User) -> None:
    make_conversation(bob, "Hello")
    confirm(alice_client)
    alice_client.post(DELETE)
    assert exists(bob)
    assert Message.objects.count() == 1


def test_a_second_factor_will_do(db: None) -> None:
    user = User.objects.create_user("carl")
    add_app(user)
    codes = add_codes(user)
    client = signed_in(user)
    assert client.get(DELETE)["Location"].startswith("/accounts/2fa/reauthenticate/")
    form = {"code": codes[0], "next": DELETE}
    assert client.post("/accounts/2fa/reauthenticate/", form)["Location"] == DELETE
    client.post(DELETE)
    assert not exists(user)


@pytest.fixture
def single(db: None) -> User:
    """Somebody whom only single sign-on lets in."""
    return User.objects.create_user("simone")


def test_who_has_no_password_types_the_username(single: User) -> None:
    client = signed_in(single)
    assert parse(client.get(DELETE)).one("input", name="username")
    assert client.post(DELETE, {"username": "simone"})["Location"] == "/accounts/deleted/"
    assert not exists(single)


@pytest.mark.parametrize("typed", ["", "simon"])
def test_another_name_deletes_nothing(single: User, typed: str) -> None:
    response = signed_in(single).post(DELETE, {"username": typed})
    assert response.status_code == 422
    assert "Nothing was deleted" in parse(response).text
    assert exists(single)


def test_the_last_administrator_cannot_go(ada_client: Client, ada: User) -> None:
    confirm_anyway = {"password": "correct horse", "next": DELETE}
    ada_client.post("/accounts/reauthenticate/", confirm_anyway)
    assert LAST in parse(ada_client.post(DELETE, follow=True)).text
    assert exists(ada)


def test_one_of_two_administrators_can(ada_client: Client, ada: User) -> None:
    with_role("other", Role.ADMINISTRATOR)
    confirm(ada_client)
    ada_client.post(DELETE)
    assert not exists(ada)
