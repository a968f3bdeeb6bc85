"""Where passkeys work, and what a page says where they don't."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.test import Client, RequestFactory
from pytest_django import Settings

from chatsite.accounts.models import User
from chatsite.accounts.second_factor.passkeys import (
    PasskeyObstacle,
    find_passkey_domain,
    find_passkey_obstacle,
)
from tests.accounts.second_factor.factors import Passkey
from tests.views.html import parse

NONSENSE = [
    *("", "{}", "[]", "nonsense", '{"id": 1}', '{"id": "", "rawId": "", "response": 1}'),
    *("[" * 50_000, '{"id": ' * 9_000, '"' + "a" * 100_000 + '"'),
]


def request(host: str, **headers: str) -> HttpRequest:
    return RequestFactory().get("/accounts/2fa/?a=b", headers={"Host": host, **headers})


@pytest.fixture(autouse=True)
def _any_host(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("localhost:8000", None),
        ("chat.localhost", None),
        ("127.0.0.1:8000", PasskeyObstacle("http://localhost:8000/accounts/2fa/?a=b")),
        ("[::1]:8000", PasskeyObstacle("http://localhost:8000/accounts/2fa/?a=b")),
        ("chat.example.com", PasskeyObstacle()),
        ("192.168.1.2:8000", PasskeyObstacle()),
    ],
)
def test_over_http_they_work_on_localhost_only(host: str, found: PasskeyObstacle | None) -> None:
    seen = find_passkey_obstacle(request(host))
    if seen and seen.elsewhere:
        port = host.rpartition(":")[2]
        seen = PasskeyObstacle(seen.elsewhere.replace(":80/", f":{port}/"))
    assert seen == found


def test_over_https_they_work(settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert (
        find_passkey_obstacle(request("chat.example.com", **{"X-Forwarded-Proto": "https"})) is None
    )


def test_they_belong_to_the_host_that_is_open() -> None:
    assert find_passkey_domain(request("Chat.Example.com:8000")) == "chat.example.com"


def test_behind_a_proxy_they_belong_to_the_public_address(settings: Settings) -> None:
    settings.PUBLIC_URL, settings.HTTPS = "https://chat.example.com:8443", True
    assert find_passkey_domain(request("backend:8000")) == "chat.example.com"


def test_devices_show_the_name_of_the_product(client: Client, alice: User) -> None:
    form = {"login": "alice", "password": "correct horse"}
    client.post("/accounts/login/", form, headers={"Host": "localhost"})
    page = client.get("/accounts/2fa/webauthn/add/", headers={"Host": "localhost"})
    options = page.context["js_data"]["creation_options"]["publicKey"]
    assert dict(options["rp"]) == {"id": "localhost", "name": "Chat"}


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/2fa/"])
def test_a_page_at_an_address_of_numbers_leads_to_localhost(
    client: Client, alice_client: Client, path: str
) -> None:
    reader = client if "login" in path else alice_client
    page = parse(reader.get(path, headers={"Host": "127.0.0.1:8000"}))
    links = [a["href"] for a in page.all("a") if a["href"].startswith("http://localhost")]
    assert len(links) == 1
    assert "Use a passkey" not in page.text
    assert "Add a passkey" not in page.text


def test_a_page_without_https_says_what_is_missing(alice_client: Client) -> None:
    page = parse(alice_client.get("/accounts/2fa/", headers={"Host": "chat.example.com"}))
    assert "Passkeys need a connection over https" in page.text


def test_nonsense_in_place_of_a_passkey_signs_nobody_in(client: Client, alice: User) -> None:
    for sent in NONSENSE:
        response = client.post("/accounts/2fa/webauthn/login/", {"credential": sent})
        assert response["Location"] == "/accounts/login/"
    assert client.get("/").status_code == 302


def test_nonsense_in_place_of_a_passkey_adds_none(client: Client, alice: User) -> None:
    client.post("/accounts/login/", {"login": "alice", "password": "correct horse"})
    client.get("/accounts/2fa/webauthn/add/")
    for sent in (*NONSENSE, json.dumps(Passkey().registration())):
        response = client.post("/accounts/2fa/webauthn/add/", {"credential": sent})
        assert response.status_code == 200
    assert not Authenticator.objects.exists()


def sign_in_with_one(client: Client, user: User) -> None:
    passkey = Passkey()
    data = {"name": "Laptop", "credential": passkey.registration()}
    Authenticator.objects.create(user=user, type="webauthn", data=data)
    client.defaults["HTTP_HOST"] = "localhost"
    options = client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    challenge = options.json()["request_options"]["publicKey"]["challenge"]
    sent = json.dumps(passkey.assertion(user, challenge))
    client.post("/accounts/2fa/webauthn/login/", {"credential": sent})


def test_one_signs_in_without_a_password(client: Client, alice: User) -> None:
    sign_in_with_one(client, alice)
    assert client.get("/").status_code == 200


def test_an_account_that_is_closed_stays_closed(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    sign_in_with_one(client, alice)
    assert client.get("/").status_code == 302


def test_where_passwords_are_off_one_alone_opens_nothing(
    client: Client, alice: User, settings: Settings
) -> None:
    settings.LOCAL_PASSWORDS = False
    sign_in_with_one(client, alice)
    assert client.get("/").status_code == 302


def test_but_for_a_break_glass_administrator(client: Client, ada: User, settings: Settings) -> None:
    settings.LOCAL_PASSWORDS = False
    User.objects.filter(pk=ada.pk).update(break_glass=True)
    sign_in_with_one(client, ada)
    assert client.get("/").status_code == 200
