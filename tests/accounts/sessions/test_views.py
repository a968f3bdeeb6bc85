"""Sessions: what the list says, and ending one, all others, or all."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from chatsite.accounts.models import User
from chatsite.accounts.sessions.housekeeping import run_housekeeping
from chatsite.accounts.sign_in.adapter import UNKNOWN_ADDRESS
from tests.conftest import is_signed_in, signed_in
from tests.views.html import parse

URL = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def using(user: User, user_agent: str = FIREFOX) -> Client:
    """A browser that has opened a page."""
    client = signed_in(user)
    client.defaults["HTTP_USER_AGENT"] = user_agent
    assert client.get("/").status_code == 200
    return client


def row(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


def test_a_session_is_listed_by_its_device(alice: User) -> None:
    page = parse(using(alice).get(URL))
    assert [strong.text for strong in page.all("strong")] == ["Firefox on Linux"]
    assert "127.0.0.1" in page.text


def test_the_one_that_is_open_is_marked_and_first(alice: User) -> None:
    mine = using(alice, "curl/8.0")
    using(alice)
    page = parse(mine.get(URL))
    assert [strong.text for strong in page.all("strong")] == ["curl", "Firefox on Linux"]
    assert len(page.all("span", **{"class": "badge good"})) == 1


def test_others_sessions_are_not_listed(alice: User, bob: User) -> None:
    using(bob)
    assert len(parse(using(alice).get(URL)).all("strong")) == 1


def test_one_is_signed_out_with_its_next_page(alice: User) -> None:
    mine, other = using(alice), using(alice)
    assert mine.post(f"{URL}{row(other).pk}/end/")["Location"] == URL
    assert is_signed_in(mine)
    assert not is_signed_in(other)


def test_the_one_that_is_open_may_end_itself(alice: User) -> None:
    mine, other = using(alice), using(alice)
    assert mine.post(f"{URL}{row(mine).pk}/end/")["Location"] == "/accounts/login/"
    assert not is_signed_in(mine)
    assert is_signed_in(other)


def test_somebody_elses_is_not_there(alice: User, bob: User) -> None:
    other = using(alice)
    assert using(bob).post(f"{URL}{row(other).pk}/end/").status_code == 404
    assert is_signed_in(other)


def test_all_others_are_signed_out(alice: User, bob: User) -> None:
    mine, *others = (using(alice) for _ in range(3))
    bobs = using(bob)
    mine.post(f"{URL}end-others/")
    assert [is_signed_in(client) for client in (mine, *others, bobs)] == [True, False, False, True]


def test_everywhere_is_here_too(alice: User, bob: User) -> None:
    mine, other, bobs = using(alice), using(alice), using(bob)
    assert mine.post(f"{URL}end/")["Location"] == "/accounts/login/"
    assert [is_signed_in(client) for client in (mine, other, bobs)] == [False, False, True]
    assert set(UserSession.objects.values_list("user__username", flat=True)) == {"bob"}


def test_a_session_from_before_there_was_a_list_is_on_it_after_a_page(alice: User) -> None:
    client = signed_in(alice)
    assert not UserSession.objects.exists()
    client.get("/")
    assert row(client).user == alice


def test_signing_in_lists_the_session(client: Client, alice: User) -> None:
    client.post("/accounts/login/", {"login": "alice", "password": "correct horse"})
    assert row(client).user == alice


def test_last_use_is_written_every_five_minutes(alice: User) -> None:
    client = using(alice)
    long_ago = timezone.now() - timedelta(days=1)
    UserSession.objects.update(last_seen_at=long_ago, ip="192.0.2.1")
    client.get("/")
    assert (row(client).last_seen_at, row(client).ip) == (long_ago, "192.0.2.1")
    cache.clear()
    client.get("/")
    assert row(client).last_seen_at > long_ago
    assert row(client).ip == "127.0.0.1"


def test_who_is_signed_out_leaves_no_trace(client: Client, db: None) -> None:
    client.get("/accounts/login/")
    assert not UserSession.objects.exists()


def test_a_server_that_knows_no_address_lets_in_all_the_same(alice: User) -> None:
    client = signed_in(alice)
    client.defaults["REMOTE_ADDR"] = ""
    assert client.get("/").status_code == 200
    assert UNKNOWN_ADDRESS not in parse(client.get(URL)).text


def test_after_a_new_password_the_others_are_not_listed(alice: User) -> None:
    mine = using(alice)
    using(alice)
    form = {
        "oldpassword": "correct horse",
        "password1": "battery staple",
        "password2": "battery staple",
    }
    mine.post("/accounts/password/change/", form)
    assert len(parse(mine.get(URL)).all("strong")) == 1


def test_expired_sessions_are_forgotten(alice: User) -> None:
    kept, expired = using(alice), using(alice)
    Session.objects.filter(session_key=expired.session.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    run_housekeeping()
    assert [each.session_key for each in Session.objects.all()] == [kept.session.session_key]
    assert [each.session_key for each in UserSession.objects.all()] == [kept.session.session_key]


def test_who_signs_out_leaves_nothing_in_the_browsers_cache(alice: User) -> None:
    for url in ("/accounts/logout/", f"{URL}end/"):
        assert using(alice).post(url)["Clear-Site-Data"] == '"cache"'


def test_pages_leave_the_browsers_cache_alone(alice: User) -> None:
    assert "Clear-Site-Data" not in using(alice).get(URL)
