"""Of whom a second factor is required: they are led to set one up, and back."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatsite.accounts.models import User
from chatsite.accounts.second_factor.services import has_second_factor
from conversations.models import Conversation
from tests.accounts.second_factor.factors import add_app, add_codes, add_passkey, code, require
from tests.conftest import signed_in
from tests.views.html import HTMX, parse

SET_UP = "/accounts/2fa/"


@pytest.mark.parametrize(
    ("whom", "led"),
    [
        ("nobody", []),
        ("staff", ["rita", "ada"]),
        ("everybody", ["alice", "rita", "ada"]),
    ],
)
def test_the_policy_says_who_is_led_to_set_one_up(
    alice: User, rita: User, ada: User, whom: str, led: list[str]
) -> None:
    require(whom)
    answers = {user.username: signed_in(user).get("/") for user in (alice, rita, ada)}
    assert [name for name, answer in answers.items() if answer.status_code == 302] == led
    assert {answers[name]["Location"] for name in led} <= {SET_UP}


@pytest.mark.parametrize("add", [add_app, add_passkey])
def test_who_has_one_goes_on(alice_client: Client, alice: User, add: object) -> None:
    require("everybody")
    assert callable(add)
    add(alice)
    assert alice_client.get("/").status_code == 200


def test_recovery_codes_alone_are_none(alice_client: Client, alice: User) -> None:
    require("everybody")
    add_codes(alice)
    assert alice_client.get("/")["Location"] == SET_UP


@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/user/", "/accounts/profile/"])
def test_every_page_leads_there(ada_client: Client, path: str) -> None:
    require("staff")
    assert ada_client.get(path)["Location"] == SET_UP


def test_a_form_is_not_carried_out(alice_client: Client, conversation: Conversation) -> None:
    require("everybody")
    response = alice_client.post(f"/c/{conversation.pk}/delete/")
    assert response["Location"] == SET_UP
    assert Conversation.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        SET_UP,
        "/accounts/reauthenticate/",
        "/accounts/logout/",
        "/accounts/password/change/",
        "/accounts/email/",
        "/livez/",
    ],
)
def test_what_setting_one_up_needs_stays_open(alice_client: Client, path: str) -> None:
    require("everybody")
    assert alice_client.get(path).status_code == 200


def test_a_stream_answers_with_events(alice_client: Client, conversation: Conversation) -> None:
    require("everybody")
    url = f"/c/{conversation.pk}/messages/{conversation.leaf_id}/stream/"
    assert alice_client.get(url)["Content-Type"].startswith("text/event-stream")


def test_the_signed_out_are_led_to_sign_in(client: Client, db: None) -> None:
    require("everybody")
    assert client.get("/")["Location"].startswith("/accounts/login/")


def test_htmx_takes_the_whole_page_there(alice_client: Client) -> None:
    require("everybody")
    headers = HTMX | {"HX-Current-URL": "http://testserver/c/1/?a=b"}
    response = alice_client.get("/conversations/", headers=headers)
    assert (response.status_code, response["HX-Redirect"]) == (200, SET_UP)
    assert alice_client.session["headed_for"] == "/c/1/?a=b"


@pytest.mark.parametrize("current", ["http://[", "javascript:alert(1)", "http://h//evil.example/"])
def test_a_strange_page_is_not_where_it_leads_back(alice_client: Client, current: str) -> None:
    require("everybody")
    alice_client.get("/conversations/", headers=HTMX | {"HX-Current-URL": current})
    assert alice_client.session["headed_for"] == "/"


def test_the_page_says_why(alice_client: Client, alice: User) -> None:
    assert "asks you for a second factor" not in parse(alice_client.get(SET_UP)).text
    require("everybody")
    assert "asks you for a second factor" in parse(alice_client.get(SET_UP)).text
    add_app(alice)
    assert "asks you for a second factor" not in parse(alice_client.get(SET_UP)).text


@pytest.mark.django_db(transaction=True)
def test_the_codes_lead_on_to_where_one_was_headed(client: Client, alice: User) -> None:
    require("everybody")
    client.post("/accounts/login/", {"login": "alice", "password": "correct horse"})
    client.get("/c/00000000-0000-0000-0000-000000000001/?a=b")
    secret = parse(client.get("/accounts/2fa/totp/activate/")).by_id("secret").text
    response = client.post("/accounts/2fa/totp/activate/", {"code": code(secret)}, follow=True)
    links = [link["href"] for link in parse(response).all("a", **{"class": "button primary"})]
    assert links == ["/c/00000000-0000-0000-0000-000000000001/?a=b"]


def test_where_one_was_headed_is_forgotten_on_the_way(alice_client: Client, alice: User) -> None:
    require("everybody")
    alice_client.get("/?a=b")
    add_app(alice)
    alice_client.get("/")
    assert "headed_for" not in alice_client.session


def queries_of(client: Client) -> list[str]:
    """Of a page, under a policy that is known."""
    client.get("/")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get("/")
    return [query["sql"] for query in captured if "mfa_authenticator" in query["sql"]]


@pytest.mark.parametrize(("whom", "number"), [("nobody", 0), ("staff", 0), ("everybody", 1)])
def test_it_costs_a_query_of_whom_it_is_required(
    alice_client: Client, alice: User, whom: str, number: int
) -> None:
    require(whom)
    add_app(alice)
    assert len(queries_of(alice_client)) == number


# Removing the last one


def test_the_last_app_stays(client: Client, alice: User) -> None:
    secret = add_app(alice)
    require("everybody")
    sign_in(client, secret)
    page = parse(client.post("/accounts/2fa/totp/deactivate/"))
    assert "this is your only one" in page.text
    assert has_second_factor(alice)


def test_the_last_passkey_stays(client: Client, alice: User) -> None:
    client.post("/accounts/login/", {"login": "alice", "password": "correct horse"})
    client.post("/accounts/reauthenticate/", {"password": "correct horse"})
    passkey = add_passkey(alice)
    require("everybody")
    page = parse(client.post(f"/accounts/2fa/webauthn/keys/{passkey.pk}/remove/"))
    assert "this is your only one" in page.text
    assert has_second_factor(alice)


def test_one_of_two_may_go(client: Client, alice: User) -> None:
    secret = add_app(alice)
    add_passkey(alice)
    require("everybody")
    sign_in(client, secret)
    assert client.post("/accounts/2fa/totp/deactivate/")["Location"] == SET_UP
    assert has_second_factor(alice)


def test_where_none_is_required_the_last_may_go(client: Client, alice: User) -> None:
    secret = add_app(alice)
    sign_in(client, secret)
    client.post("/accounts/2fa/totp/deactivate/")
    assert not has_second_factor(alice)


def test_taking_one_away_asks_who_it_is(client: Client, alice: User) -> None:
    secret = add_app(alice)
    client.post("/accounts/login/", {"login": "alice", "password": "correct horse"})
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    response = client.post("/accounts/2fa/totp/deactivate/")
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert has_second_factor(alice)


def test_a_passkey_of_somebody_else_is_not_there(client: Client, alice: User, bob: User) -> None:
    client.post("/accounts/login/", {"login": "bob", "password": "correct horse"})
    url = f"/accounts/2fa/webauthn/keys/{add_passkey(alice).pk}/remove/"
    assert client.post(url).status_code == 404
    assert has_second_factor(alice)


def sign_in(client: Client, secret: str) -> None:
    client.post("/accounts/login/", {"login": "alice", "password": "correct horse"})
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    client.post("/accounts/reauthenticate/", {"password": "correct horse"})
