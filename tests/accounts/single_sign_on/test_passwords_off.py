"""Where passwords are off: only break-glass administrators sign in with one."""

import time
from urllib.parse import urlsplit

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.test import Client, RequestFactory
from pytest_django import Settings

from chatsite.accounts.invitations.services import build_invitation_link, create_invitation
from chatsite.accounts.models import SitePolicy, User
from chatsite.accounts.sign_up.first_administrator import build_setup_url
from chatsite.accounts.users.services import has_break_glass_administrator
from tests.accounts.mails import Mails
from tests.accounts.single_sign_on.conftest import set_policy
from tests.conftest import signed_in
from tests.identity_provider.provider import IdentityProvider
from tests.views.html import parse

LOGIN = "/accounts/login/"
PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def passwords_off(provider: IdentityProvider, settings: Settings) -> None:
    settings.LOCAL_PASSWORDS = False


@pytest.fixture
def keeper(ada: User) -> User:
    """ada, who may break the glass."""
    User.objects.filter(pk=ada.pk).update(break_glass=True)
    ada.refresh_from_db()
    return ada


def try_password(client: Client, name: str, password: str = PASSWORD) -> tuple[bool, list[str]]:
    """Whether it opened the account, and the sentences beside the form."""
    response = client.post(LOGIN, {"login": name, "password": password})
    is_in = "_auth_user_id" in client.session
    return is_in, [] if is_in else [item.text for item in parse(response).all("li")]


def test_a_password_opens_nothing(client: Client, alice: User, ada: User) -> None:
    assert not try_password(client, "alice")[0]
    assert not try_password(client, "ada")[0]


def test_but_for_a_break_glass_administrator(client: Client, keeper: User) -> None:
    assert try_password(client, "ada")[0]


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@example.com"])
def test_who_signs_in_by_address_too(client: Client, keeper: User, email: str) -> None:
    assert try_password(client, email)[0]


def test_not_for_a_break_glass_user_who_administers_nothing(client: Client, alice: User) -> None:
    User.objects.update(break_glass=True)
    assert not try_password(client, "alice")[0]


def test_the_answer_tells_neither_accounts_nor_passwords(client: Client, alice: User) -> None:
    right, wrong = try_password(client, "alice"), try_password(client, "alice", "wrong")
    assert right == wrong == try_password(client, "nobody")
    User.objects.update(is_active=False)
    assert try_password(client, "alice") == right


def test_nor_does_the_time_it_takes(client: Client, alice: User, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    alice.set_password(PASSWORD)
    alice.save()
    times = {}
    for name, password in (("alice", PASSWORD), ("alice", "wrong"), ("nobody", "wrong")):
        began = time.thread_time()
        try_password(client, name, password)
        times[name + password] = time.thread_time() - began
    assert max(times.values()) < 3 * min(times.values())


def test_the_page_shows_the_provider_first(client: Client) -> None:
    page = parse(client.get(LOGIN))
    buttons = [button.text.strip() for button in page.all("button") if button["type"] == "submit"]
    assert buttons[0] == "Continue with Example ID"
    assert page.one("summary").text == "Break-glass sign-in"
    assert "open" not in page.one("details").attributes


def test_the_form_is_open_where_it_was_used(client: Client) -> None:
    page = parse(client.post(LOGIN, {"login": "alice", "password": "wrong"}))
    assert "open" in page.one("details").attributes


def test_nobody_signs_up_with_a_password(client: Client) -> None:
    set_policy(SitePolicy.SignUp.OPEN)
    form = {"username": "eve", "password1": "battery staple", "password2": "battery staple"}
    page = parse(client.post("/accounts/signup/", form))
    assert "You sign up with Example ID" in page.text
    assert not User.objects.exists()


def test_an_invitation_leads_to_the_provider(client: Client) -> None:
    link = urlsplit(build_invitation_link(create_invitation())).path
    assert client.get(link)["Location"] == LOGIN


@pytest.mark.parametrize("who", ["alice", "keeper"])
def test_no_other_way_in_is_open_either(request: pytest.FixtureRequest, who: str) -> None:
    """Passkeys and whatever comes: each passes here after it has found out who it is."""
    user = request.getfixturevalue(who)
    visit = RequestFactory().get("/")
    visit.session = SessionStore()
    adapter = get_adapter(visit)
    ways = {"signal_kwargs": None, "email": None, "signup": False, "redirect_url": None}
    answer = adapter.pre_login(visit, user, email_verification="none", **ways)
    assert (answer is None) == (who == "keeper")


@pytest.mark.parametrize("page", ["change", "set"])
def test_there_is_no_password_to_change_or_set(alice_client: Client, page: str) -> None:
    response = alice_client.get(f"/accounts/password/{page}/")
    assert response.status_code == 403
    assert "Passwords are turned off" in parse(response).text


def test_a_break_glass_administrator_changes_theirs(keeper: User) -> None:
    form = {"oldpassword": PASSWORD, "password1": "battery staple", "password2": "battery staple"}
    assert signed_in(keeper).post("/accounts/password/change/", form).status_code == 302
    keeper.refresh_from_db()
    assert keeper.check_password("battery staple")


def test_only_break_glass_administrators_are_sent_a_link(
    client: Client, alice: User, keeper: User, mails: Mails
) -> None:
    for user in (alice, keeper):
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        client.post("/accounts/password/reset/", {"email": user.email})
    assert [mail.to for mail in mails.all()] == [["ada@example.com"]]


def test_a_link_made_before_sets_no_password(client: Client, alice: User) -> None:
    token = default_token_generator.make_token(alice)
    url = f"/accounts/password/reset/key/{user_pk_to_url_str(alice)}-{token}/"
    form = {"password1": "battery staple", "password2": "battery staple"}
    response = client.post(client.get(url)["Location"], form)
    assert "Passwords are turned off here" in parse(response).text
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_a_password_confirms_nothing_either(alice_client: Client) -> None:
    alice_client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    records = alice_client.session.get("account_authentication_methods", [])
    assert not [record for record in records if record.get("reauthenticated")]


def test_who_came_by_the_provider_reaches_their_second_factor(
    provider: IdentityProvider, anybody: str, alice: User
) -> None:
    visitor = provider.person(anybody, "alice@example.com")
    visitor.sign_in()
    assert visitor.client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_set_up_makes_a_break_glass_administrator(client: Client) -> None:
    link = build_setup_url() or ""
    form = {
        "username": "rita",
        "email": "rita@example.com",
        "password1": "battery staple",
        "password2": "battery staple",
    }
    client.post(link.partition("localhost:8000")[2], form)
    client.logout()
    assert try_password(client, "rita", "battery staple")[0]


def test_so_does_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not has_break_glass_administrator()
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "battery staple")
    call_command("createsuperuser", interactive=False, username="rita", email="", verbosity=0)
    assert has_break_glass_administrator()


def test_where_passwords_count_nobody_becomes_one_unasked(settings: Settings) -> None:
    settings.LOCAL_PASSWORDS = True
    User.objects.create_superuser("rita", "rita@example.com", "battery staple")
    assert not has_break_glass_administrator()


def test_the_administration_leads_to_the_same_page(client: Client) -> None:
    assert client.get("/admin/login/")["Location"].startswith(LOGIN)
