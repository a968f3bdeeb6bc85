"""Back into an account without its password: by mail, or by an administrator's link."""

from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from chatsite.accounts.sign_in.recovery_links import make_recovery_link
from tests.accounts.mails import Mails
from tests.conftest import signed_in
from tests.views.html import parse

URL = "/accounts/password/reset/"
NEW = {"password1": "battery staple", "password2": "battery staple"}


def choose_password(client: Client, path: str) -> None:
    """Follows a link and fills in the form behind it."""
    form = client.get(path)["Location"]
    client.post(form, NEW)


def signs_in(name: str, password: str) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": name, "password": password})
    return client.get("/").status_code == 200


def test_a_mail_leads_to_a_new_password(client: Client, alice: User, mails: Mails) -> None:
    client.post(URL, {"email": "Alice@example.com"})
    choose_password(client, mails.link())
    assert signs_in("alice", "battery staple")
    assert not signs_in("alice", "correct horse")


def test_other_browsers_are_signed_out(client: Client, alice: User) -> None:
    other = signed_in(alice)
    choose_password(client, urlsplit(make_recovery_link(alice)).path)
    assert other.get("/").status_code == 302


def test_the_link_works_once(client: Client, alice: User) -> None:
    path = urlsplit(make_recovery_link(alice)).path
    choose_password(client, path)
    page = parse(Client().get(path))
    assert page.one("h1").text == "This link doesn’t work any more"


def test_it_is_dead_once_its_user_has_signed_in(client: Client, alice: User) -> None:
    path = urlsplit(make_recovery_link(alice)).path
    assert signs_in("alice", "correct horse")
    assert parse(client.get(path)).one("h1").text == "This link doesn’t work any more"


def test_an_unknown_address_reads_like_a_known_one(
    client: Client, alice: User, mails: Mails
) -> None:
    known = client.post(URL, {"email": "alice@example.com"}, follow=True)
    unknown = client.post(URL, {"email": "nobody@example.com"}, follow=True)
    assert parse(known).one("h1").text == parse(unknown).one("h1").text == "Check your mail"
    assert mails.one().to == ["alice@example.com"]


def test_a_deactivated_account_gets_no_mail(client: Client, alice: User, mails: Mails) -> None:
    User.objects.update(is_active=False)
    client.post(URL, {"email": "alice@example.com"})
    assert mails.all() == []


def test_the_link_is_on_the_public_address(
    client: Client, alice: User, mails: Mails, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://chat.example.com"
    client.post(URL, {"email": "alice@example.com"}, HTTP_HOST="localhost")
    assert "https://chat.example.com/accounts/password/reset/key/" in str(mails.one().body)


def test_a_mail_server_that_is_away_is_no_error_page(
    client: Client, alice: User, mails: Mails, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 1},
        }
    }
    response = client.post(URL, {"email": "alice@example.com"}, follow=True)
    mails.wait()
    assert parse(response).one("h1").text == "Check your mail"
    assert "a mail could not be sent" in caplog.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_mail_the_page_says_how_an_administrator_helps(
    client: Client, alice: User, method: str
) -> None:
    page = parse(getattr(client, method)(URL, {"email": "alice@example.com"}))
    assert "manage.py recovery_link" in page.text


def test_where_passwords_are_off_no_link_is_issued(
    ada_client: Client, alice: User, settings: Settings
) -> None:
    settings.LOCAL_PASSWORDS = False
    assert "Passwords are turned off" in issue(ada_client, alice)
    with pytest.raises(CommandError, match="Passwords are turned off"):
        call_command("recovery_link", "alice")


@pytest.mark.parametrize("name", ["alice", "ALICE", "alice@example.com"])
def test_the_command_prints_a_link(client: Client, alice: User, name: str) -> None:
    output = StringIO()
    call_command("recovery_link", name, stdout=output)
    choose_password(client, urlsplit(output.getvalue().strip()).path)
    assert signs_in("alice", "battery staple")


def test_the_command_knows_who_there_is(alice: User) -> None:
    with pytest.raises(CommandError, match="There is no user “nobody”"):
        call_command("recovery_link", "nobody")


def issue(client: Client, user: User) -> str:
    form = {"action": "issue_recovery_link", "_selected_action": user.pk}
    return parse(client.post("/admin/accounts/user/", form, follow=True)).text


def test_an_administrator_issues_a_link(ada_client: Client, alice: User, client: Client) -> None:
    text = issue(ada_client, alice)
    (url,) = [word for word in text.split() if "/password/reset/key/" in word]
    choose_password(client, urlsplit(url).path)
    assert signs_in("alice", "battery staple")


def test_that_one_was_issued_is_kept(ada_client: Client, ada: User, alice: User) -> None:
    issue(ada_client, alice)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (ada, str(alice.pk))
    assert "recovery link" in entry.get_change_message()


def test_none_is_issued_for_a_deactivated_account(ada_client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert "Activate the account first." in issue(ada_client, alice)
