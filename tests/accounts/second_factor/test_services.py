"""Who lost their second factor: an administrator, or whoever has the server, removes it."""

import io

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client

from chatsite.accounts.models import User
from tests.accounts.mails import Mails
from tests.accounts.second_factor.factors import add_app, add_codes, add_passkey
from tests.conftest import signed_in
from tests.views.html import parse

USERS = "/admin/accounts/user/"


def remove(client: Client, *users: User) -> str:
    """What the administration says."""
    form = {"action": "remove_second_factor", "_selected_action": [user.pk for user in users]}
    return parse(client.post(USERS, form, follow=True)).text


def test_an_administrator_removes_it_all(ada_client: Client, alice: User, bob: User) -> None:
    for add in (add_app, add_passkey, add_codes):
        add(alice)
    add_app(bob)
    assert "1 user has no second factor any more" in remove(ada_client, alice)
    assert set(Authenticator.objects.values_list("user__username", flat=True)) == {"bob"}


def test_it_is_written_down(ada_client: Client, ada: User, alice: User, bob: User) -> None:
    add_app(alice)
    remove(ada_client, alice, bob)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (ada, str(alice.pk))
    assert "Removed the second factor." in str(entry)


def test_its_owner_is_told(ada_client: Client, alice: User, mails: Mails) -> None:
    add_app(alice)
    remove(ada_client, alice)
    assert mails.one().to == ["alice@example.com"]
    assert mails.one().subject == "Your second factor was removed"
    assert mails.link() == "/accounts/2fa/"


def test_sessions_stay(ada_client: Client, alice_client: Client, alice: User) -> None:
    add_app(alice)
    remove(ada_client, alice)
    assert alice_client.get("/").status_code == 200


def test_others_can_not(rita_client: Client, alice: User) -> None:
    add_app(alice)
    remove(rita_client, alice)
    assert Authenticator.objects.exists()


def test_the_list_shows_who_has_one(ada_client: Client, alice: User, bob: User) -> None:
    add_app(alice)
    add_codes(bob)
    page = parse(ada_client.get(f"{USERS}?o=1"))
    cells = page.all("td", **{"class": "field-second_factor"})
    images = [image["alt"] for image in page.all("img") if "icon-" in image["src"]]
    assert len(cells) == 3
    assert images[::2] == ["False", "True", "False"]


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_costs_the_same_however_long(
    ada_client: Client, number: int, django_assert_max_num_queries: object
) -> None:
    for index in range(number):
        add_app(User.objects.create_user(f"user{index}", f"user{index}@example.com"))
    ada_client.get("/admin/")
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(10):
        ada_client.get(USERS)


def command(name: str) -> str:
    out = io.StringIO()
    call_command("remove_second_factor", name, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["alice", "ALICE@example.com"])
def test_the_server_removes_it_by_name_or_address(alice: User, name: str) -> None:
    add_app(alice)
    assert command(name) == "alice has no second factor any more; the password will do.\n"
    assert not Authenticator.objects.exists()


def test_the_command_says_when_there_is_none(alice: User) -> None:
    assert command("alice") == "alice had no second factor.\n"


def test_the_command_says_when_there_is_no_such_user(db: None) -> None:
    with pytest.raises(CommandError, match="There is no user “nobody”"):
        command("nobody")


def test_who_may_not_is_offered_nothing(rita: User) -> None:
    assert signed_in(rita).get(USERS).status_code == 403
