"""Failed sign-ins are counted, by the right address."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from tests.views.html import parse

URL = "/accounts/login/"
TOO_MANY = "Too many failed sign-ins. Try again in "


def fail(client: Client, login: str = "alice", **extra: str) -> str:
    """What the page says to one more wrong password."""
    response = client.post(URL, {"login": login, "password": "wrong"}, **extra)  # type: ignore[arg-type]
    return parse(response).text


def is_limited(client: Client, **extra: str) -> bool:
    """Whether a sign-in from this address fails before anything is looked at."""
    return TOO_MANY in fail(client, login="somebody else", **extra)


def exhaust(client: Client, addresses: list[dict[str, str]]) -> None:
    """Ten wrong passwords, each for another name."""
    for number in range(10):
        fail(client, login=f"name {number}", **addresses[number % len(addresses)])


def test_after_five_failures_the_right_password_waits_too(client: Client, alice: User) -> None:
    for _ in range(5):
        assert TOO_MANY not in fail(client)
    response = client.post(URL, {"login": "alice", "password": "correct horse"})
    assert TOO_MANY in parse(response).text
    assert client.get("/").status_code == 302


def test_an_account_has_one_count_for_name_and_address(client: Client, alice: User) -> None:
    for login in ("alice", "alice@example.com", "ALICE", "Alice@Example.com", "alice"):
        fail(client, login)
    assert TOO_MANY in fail(client, "alice@example.com")


def test_a_name_of_nobody_has_a_count_too(client: Client, db: None) -> None:
    for _ in range(5):
        fail(client, "nobody")
    assert f"{TOO_MANY}5 minutes." in fail(client, "nobody")


@pytest.mark.parametrize("login", ["a" * 60_000, "a" * 255, "alice\0", "é" * 1_000])
def test_a_name_that_cannot_be_one_is_refused_and_counted(
    client: Client, alice: User, login: str
) -> None:
    for _ in range(5):
        assert TOO_MANY not in fail(client, login)
    assert TOO_MANY in fail(client, login)


def test_a_password_that_is_too_long_is_refused_and_counted(client: Client, alice: User) -> None:
    for _ in range(6):
        page = parse(client.post(URL, {"login": "alice", "password": "a" * 5_000}))
    assert TOO_MANY in page.text


def test_the_wait_for_an_account_is_told_in_minutes(client: Client, alice: User) -> None:
    for _ in range(5):
        fail(client)
    assert f"{TOO_MANY}5 minutes." in fail(client)


def test_the_wait_for_an_address_is_told_in_seconds(client: Client, db: None) -> None:
    exhaust(client, [{}])
    wait = re.search(rf"{TOO_MANY}(\d+) seconds", fail(client, login="somebody else"))
    assert wait
    assert 50 <= int(wait[1]) <= 60


def test_the_longer_of_two_waits_is_told(client: Client, alice: User) -> None:
    for _ in range(5):
        fail(client)
    exhaust(client, [{}])
    assert f"{TOO_MANY}5 minutes." in fail(client)


def test_the_count_is_the_same_in_any_case(client: Client, alice: User) -> None:
    for login in ("alice", "Alice", "ALICE", "aLice", "alicE"):
        fail(client, login)
    assert TOO_MANY in fail(client, "alICE")


def test_signing_in_does_not_count(client: Client, alice: User) -> None:
    for _ in range(12):
        response = client.post(URL, {"login": "alice", "password": "correct horse"})
        assert response.status_code == 302
        client.logout()


def test_ten_failures_from_one_address_are_enough(client: Client, db: None) -> None:
    exhaust(client, [{}])
    assert is_limited(client)


def test_other_addresses_may_go_on(client: Client, db: None) -> None:
    exhaust(client, [{"REMOTE_ADDR": "192.0.2.1"}])
    assert is_limited(client, REMOTE_ADDR="192.0.2.1")
    assert not is_limited(client, REMOTE_ADDR="192.0.2.2")


def test_an_address_is_one_whichever_socket_it_came_to(client: Client, db: None) -> None:
    exhaust(client, [{"REMOTE_ADDR": "192.0.2.1"}])
    assert is_limited(client, REMOTE_ADDR="::ffff:192.0.2.1")
    assert not is_limited(client, REMOTE_ADDR="::ffff:192.0.2.2")


def test_the_administration_counts_too(client: Client, rita: User) -> None:
    for _ in range(5):
        fail(client, "rita")
    page = client.post(
        "/admin/login/?next=/admin/",
        {"username": "rita", "password": "correct horse", "login": "rita"},
        follow=True,
    )
    assert page.redirect_chain[-1][0].startswith(URL)
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("spoofed", ["198.51.100.{}", "198.51.100.{}, 203.0.113.7"])
def test_without_a_proxy_no_header_is_believed(
    client: Client, db: None, settings: Settings, spoofed: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = 0
    exhaust(client, [{"HTTP_X_FORWARDED_FOR": spoofed.format(number)} for number in range(10)])
    assert is_limited(client, HTTP_X_FORWARDED_FOR=spoofed.format(99))


@pytest.mark.parametrize(
    ("proxies", "header"),
    [
        (1, "198.51.100.{spoofed}, {seen}"),
        (2, "198.51.100.{spoofed}, {seen}, 10.0.0.1"),
        (2, "198.51.100.{spoofed},{seen},10.0.0.{spoofed}"),
    ],
)
def test_behind_proxies_the_address_is_the_one_that_the_outermost_saw(
    client: Client, db: None, settings: Settings, proxies: int, header: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies

    def sent(seen: str, spoofed: int) -> dict[str, str]:
        return {"HTTP_X_FORWARDED_FOR": header.format(seen=seen, spoofed=spoofed)}

    exhaust(client, [sent("203.0.113.7", number) for number in range(10)])
    assert is_limited(client, **sent("203.0.113.7", 99))
    assert not is_limited(client, **sent("203.0.113.8", 99))


def test_a_header_that_came_past_the_proxies_is_not_believed(
    client: Client, db: None, settings: Settings
) -> None:
    settings.TRUSTED_PROXY_COUNT = 2
    exhaust(client, [{"HTTP_X_FORWARDED_FOR": f"198.51.100.{number}"} for number in range(10)])
    assert is_limited(client, HTTP_X_FORWARDED_FOR="198.51.100.99")


def test_thirty_tries_a_minute_are_enough_for_anyone(client: Client, db: None) -> None:
    for _ in range(30):
        client.post(URL, {})
    response = client.post(URL, {})
    assert response.status_code == 429
    assert parse(response).one("h1").text == "Too many tries"
    assert response["Retry-After"] == "60"


def test_another_port_in_the_host_does_not_begin_a_new_count(client: Client, alice: User) -> None:
    form = {"login": "alice", "password": "wrong"}
    for number in range(6):
        page = parse(
            client.post(
                "/accounts/login/",
                form,
                HTTP_HOST=f"localhost:{number}",
                REMOTE_ADDR=f"192.0.2.{number}",
            )
        )
    assert TOO_MANY in page.text


def test_made_up_names_do_not_push_a_real_one_out(client: Client, alice: User) -> None:
    """The cache that counts must hold more names than anybody can try in five minutes."""
    for number in range(5):
        fail(client, REMOTE_ADDR=f"192.0.2.{number}")
    for number in range(400):
        fail(client, login=f"name {number}", REMOTE_ADDR=f"198.51.{number // 250}.{number % 250}")
    assert TOO_MANY in fail(client, REMOTE_ADDR="192.0.2.99")
