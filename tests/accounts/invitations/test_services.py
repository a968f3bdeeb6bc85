"""Invitations: links for one address or for several people, until they end."""

from datetime import timedelta
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from chatsite.accounts.invitations.services import (
    build_invitation_link,
    create_invitation,
    revoke_invitation,
)
from chatsite.accounts.models import Invitation, SitePolicy, User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import get_role
from tests.accounts.mails import Mails
from tests.accounts.sign_up.test_forms import FORM
from tests.conftest import is_signed_in
from tests.services.writing import at_once
from tests.views.html import parse

SIGN_UP = "/accounts/signup/"


def path(invitation: Invitation) -> str:
    return urlsplit(build_invitation_link(invitation)).path


def join(invitation: Invitation, name: str = "dora") -> Client:
    """Follows the link and fills in the form, in a browser of their own."""
    client = Client()
    client.get(path(invitation))
    client.post(SIGN_UP, FORM | {"username": name, "email": f"{name}@example.com"})
    return client


def says(invitation: Invitation) -> str:
    response = Client().get(path(invitation))
    assert response.status_code == 410
    return parse(response).text


@pytest.fixture
def invitation(db: None) -> Invitation:
    return create_invitation()


def test_who_has_the_link_joins(invitation: Invitation) -> None:
    assert is_signed_in(join(invitation))
    assert User.objects.get().invitation == invitation


@pytest.mark.django_db
def test_it_carries_a_role_and_a_group() -> None:
    group = Group.objects.create(name="Pilots")
    join(create_invitation(role=Role.REVIEWER, group=group))
    user = User.objects.get()
    assert get_role(user) == Role.REVIEWER
    assert user.is_staff
    assert group in user.groups.all()


def test_it_works_once(invitation: Invitation) -> None:
    join(invitation)
    assert "has been used" in says(invitation)
    assert not is_signed_in(join(invitation, "erik"))


@pytest.mark.django_db
def test_for_two_uses_it_works_twice() -> None:
    invitation = create_invitation(uses_allowed=2)
    assert is_signed_in(join(invitation, "dora"))
    assert is_signed_in(join(invitation, "erik"))
    assert not is_signed_in(join(invitation, "finn"))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_use_at_once_one_gets_in() -> None:
    invitation = create_invitation()
    at_once(lambda: join(invitation, "dora"), lambda: join(invitation, "erik"))
    assert User.objects.count() == 1
    invitation.refresh_from_db()
    assert invitation.uses == 1


def test_an_expired_one_says_so(invitation: Invitation) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "has expired" in says(invitation)
    assert not is_signed_in(join(invitation))


def test_a_revoked_one_says_so(invitation: Invitation) -> None:
    revoke_invitation(invitation=invitation)
    assert "was taken back" in says(invitation)
    assert not is_signed_in(join(invitation))


def test_one_revoked_while_the_form_is_filled_in_lets_nobody_in(invitation: Invitation) -> None:
    client = Client()
    client.get(path(invitation))
    revoke_invitation(invitation=invitation)
    client.post(SIGN_UP, FORM)
    assert not User.objects.exists()


@pytest.mark.parametrize("token", ["1", "1:nonsense", "x"])
def test_a_link_that_was_not_made_here_is_none(client: Client, db: None, token: str) -> None:
    assert client.get(f"/accounts/invitation/{token}/").status_code == 404


def test_where_sign_up_is_closed_no_invitation_helps(invitation: Invitation) -> None:
    SitePolicy(pk=1, sign_up=SitePolicy.SignUp.CLOSED).save()
    assert not is_signed_in(join(invitation))


@pytest.mark.django_db
def test_one_for_an_address_brings_it_along() -> None:
    client = join(create_invitation(email="Erik@example.com"), "dora")
    assert is_signed_in(client)
    assert User.objects.get().email == "erik@example.com"


@pytest.mark.django_db
def test_who_is_invited_by_address_needs_not_confirm_it(mails: Mails) -> None:
    assert is_signed_in(join(create_invitation(email="dora@example.com")))


@pytest.mark.django_db
def test_who_is_invited_without_one_confirms_theirs(mails: Mails) -> None:
    client = join(create_invitation())
    assert not is_signed_in(client)
    client.post(mails.link())
    assert is_signed_in(client)


def test_who_is_signed_in_is_told_of_a_used_one(
    invitation: Invitation, alice_client: Client
) -> None:
    join(invitation)
    response = alice_client.get(path(invitation))
    assert response.status_code == 410
    assert "has been used" in parse(response).text


def test_who_is_signed_in_uses_none_up(invitation: Invitation, alice_client: Client) -> None:
    page = parse(alice_client.get(path(invitation)))
    assert page.one("h1").text == "You have an account already"
    invitation.refresh_from_db()
    assert invitation.is_open


@pytest.mark.django_db
def test_it_is_mailed_to_its_address(mails: Mails) -> None:
    invitation = create_invitation(email="dora@example.com")
    assert mails.one().to == ["dora@example.com"]
    assert mails.link() == path(invitation)


@pytest.mark.django_db
def test_the_command_prints_a_link_that_works() -> None:
    output = StringIO()
    call_command("invite", "dora@example.com", "--role=reviewer", stdout=output)
    client = Client()
    client.get(urlsplit(output.getvalue().strip()).path)
    client.post(SIGN_UP, FORM)
    assert get_role(User.objects.get(email="dora@example.com")) == Role.REVIEWER


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nonsense"], "no email address"),
        (["alice@example.com"], "There is an account"),
        (["--uses=0"], "more than 0"),
        (["dora@example.com", "--uses=3"], "for one use"),
        (["--group=Nobody"], "There is no group"),
    ],
)
def test_the_command_says_what_is_wrong(alice: User, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("invite", *arguments)
    assert not Invitation.objects.exists()


ADD = {
    "email": "",
    "uses_allowed": "5",
    "role": "user",
    "group": "",
    "expires_at_0": "2099-01-01",
    "expires_at_1": "12:00",
}


def test_an_administrator_makes_one_and_sees_its_link(ada_client: Client, ada: User) -> None:
    page = parse(ada_client.post("/admin/accounts/invitation/add/", ADD, follow=True))
    invitation = Invitation.objects.get()
    assert path(invitation) in page.text
    assert (invitation.uses_allowed, invitation.created_by) == (5, ada)


@pytest.mark.parametrize(
    ("field", "value"),
    [("expires_at_0", "2020-01-01"), ("uses_allowed", "0"), ("email", "ada@example.com")],
)
def test_the_form_refuses_what_makes_no_sense(ada_client: Client, field: str, value: str) -> None:
    response = ada_client.post("/admin/accounts/invitation/add/", ADD | {field: value})
    assert parse(response).all("ul", **{"class": "errorlist"})
    assert not Invitation.objects.exists()


def test_an_administrator_revokes_one(ada_client: Client, invitation: Invitation) -> None:
    form = {"action": "revoke", "_selected_action": invitation.pk}
    ada_client.post("/admin/accounts/invitation/", form)
    assert "was taken back" in says(invitation)


def test_what_was_handed_out_is_not_changed(ada_client: Client, invitation: Invitation) -> None:
    url = f"/admin/accounts/invitation/{invitation.pk}/change/"
    ada_client.post(url, ADD | {"role": "administrator"})
    invitation.refresh_from_db()
    assert (invitation.role, invitation.uses_allowed) == ("user", 1)


def test_an_administrator_is_warned_where_sign_up_is_closed(ada_client: Client) -> None:
    SitePolicy(pk=1, sign_up=SitePolicy.SignUp.CLOSED).save()
    page = parse(ada_client.post("/admin/accounts/invitation/add/", ADD, follow=True))
    assert "Sign-up is closed, so the link won’t work" in page.text
