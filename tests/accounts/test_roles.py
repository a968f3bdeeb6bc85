"""Roles: what each may do, giving and taking them, and never losing the last administrator."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client

from chatsite.accounts.models import User
from chatsite.accounts.roles import PERMISSIONS, Role
from chatsite.accounts.users.services import LastAdministratorError, get_role, set_role
from tests.conftest import signed_in
from tests.services.writing import at_once
from tests.test_admin import NEW_USER, edit
from tests.views.html import parse


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_a_group_has_just_what_the_table_says(role: Role) -> None:
    user = User.objects.create_user("dora")
    set_role(user, role)
    assert User.objects.get().get_all_permissions() == set(PERMISSIONS[role])


@pytest.mark.django_db
def test_migrating_takes_away_what_the_table_does_not_say() -> None:
    reviewers = Group.objects.get(name="reviewer")
    reviewers.permissions.set(Group.objects.get(name="administrator").permissions.all())
    call_command("migrate", verbosity=0)
    assert reviewers.permissions.count() == len(PERMISSIONS[Role.REVIEWER])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("flags", "role"),
    [
        ({}, Role.USER),
        ({"is_staff": True}, Role.REVIEWER),
        ({"is_staff": True, "is_superuser": True}, Role.ADMINISTRATOR),
    ],
)
def test_accounts_from_before_there_were_roles_get_one(flags: dict[str, bool], role: Role) -> None:
    User.objects.create(username="dora", **flags)
    migration = import_module("chatsite.accounts.migrations.0002_accounts")
    migration.give_roles(apps, connection.schema_editor())
    assert [group.name for group in User.objects.get().groups.all()] == [role.value]


def test_a_role_takes_the_place_of_another(alice: User) -> None:
    set_role(alice, Role.REVIEWER)
    set_role(alice, Role.USER)
    assert get_role(User.objects.get()) == Role.USER
    assert not alice.is_staff


def test_other_groups_stay(alice: User) -> None:
    alice.groups.add(Group.objects.create(name="Pilots"))
    set_role(alice, Role.REVIEWER)
    assert {group.name for group in alice.groups.all()} == {"Pilots", "reviewer"}


def test_a_lost_role_counts_on_the_next_request(rita_client: Client, rita: User) -> None:
    assert rita_client.get("/admin/review/review/").status_code == 200
    set_role(rita, Role.USER)
    assert rita_client.get("/admin/review/review/").status_code == 302


def test_a_deactivated_user_is_out_on_the_next_request(alice_client: Client, alice: User) -> None:
    assert alice_client.get("/").status_code == 200
    User.objects.update(is_active=False)
    assert alice_client.get("/")["Location"].startswith("/accounts/login/")


def test_the_last_administrator_stays_one(ada: User, rita: User) -> None:
    with pytest.raises(LastAdministratorError):
        set_role(ada, Role.REVIEWER)
    assert get_role(User.objects.get(username="ada")) == Role.ADMINISTRATOR


def test_with_another_one_may_step_down(ada: User, alice: User) -> None:
    set_role(alice, Role.ADMINISTRATOR)
    set_role(ada, Role.USER)
    assert get_role(User.objects.get(username="ada")) == Role.USER


def test_a_deactivated_administrator_is_no_other(ada: User, alice: User) -> None:
    set_role(alice, Role.ADMINISTRATOR)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    with pytest.raises(LastAdministratorError):
        set_role(ada, Role.USER)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_from_each_other_at_once_one_stays(ada: User, alice: User) -> None:
    set_role(alice, Role.ADMINISTRATOR)
    results = at_once(lambda: set_role(ada, Role.USER), lambda: set_role(alice, Role.USER))
    assert [type(result) for result in results].count(LastAdministratorError) == 1


@pytest.mark.parametrize("change", [{"role": "user"}, {"is_active": ""}])
def test_the_form_refuses_to_lose_the_last(
    ada_client: Client, ada: User, change: dict[str, str]
) -> None:
    page = edit(ada_client, ada, **({"role": "administrator"} | change))
    assert page
    assert "This is the last administrator." in page.text


def test_the_form_gives_a_role(ada_client: Client, alice: User) -> None:
    assert edit(ada_client, alice, role="reviewer") is None
    assert signed_in(alice).get("/admin/review/review/").status_code == 200


@pytest.mark.parametrize(("role", "losses"), [("user", 1), ("reviewer", 0), ("administrator", 0)])
def test_the_form_counts_a_lost_role(
    ada_client: Client, rita: User, role: str, losses: int
) -> None:
    edit(ada_client, rita, role=role)
    rita.refresh_from_db()
    assert rita.access_version == losses


@pytest.mark.parametrize("role", Role)
def test_the_groups_of_roles_are_not_edited(ada_client: Client, role: Role) -> None:
    pk = Group.objects.get(name=role.value).pk
    assert ada_client.post(f"/admin/auth/group/{pk}/change/", {"name": "x"}).status_code == 403
    assert ada_client.post(f"/admin/auth/group/{pk}/delete/", {"post": "yes"}).status_code == 403


def test_nor_deleted_among_others(ada_client: Client) -> None:
    Group.objects.create(name="Pilots")
    form = {"action": "delete_selected", "post": "yes"}
    chosen = list(Group.objects.values_list("pk", flat=True))
    ada_client.post("/admin/auth/group/", form | {"_selected_action": chosen})
    assert set(Group.objects.values_list("name", flat=True)) >= set(Role.values)


def test_the_last_administrator_keeps_a_password(ada_client: Client, ada: User) -> None:
    url = f"/admin/accounts/user/{ada.pk}/password/"
    form = {"usable_password": "false", "unset-password": "1"}
    assert "This is the last administrator." in parse(ada_client.post(url, form)).text
    ada.refresh_from_db()
    assert ada.has_usable_password()


def test_a_username_is_not_another_users_address(ada_client: Client, alice: User) -> None:
    form = NEW_USER | {"username": "Alice@example.com"}
    response = ada_client.post("/admin/accounts/user/add/", form)
    assert "This is the address of another user." in parse(response).text


def test_of_two_changes_at_once_none_is_lost(rita: User, ada: User) -> None:
    before = User.objects.get(pk=rita.pk)
    set_role(rita, Role.USER)
    set_role(before, Role.REVIEWER)
    set_role(before, Role.USER)
    assert User.objects.get(pk=rita.pk).access_version == 2


def test_deactivating_ends_sessions_for_good(ada_client: Client, alice: User) -> None:
    client = signed_in(alice)
    client.get("/")
    assert edit(ada_client, alice, is_active="") is None
    User.objects.filter(pk=alice.pk).update(is_active=True)
    assert client.get("/").status_code == 302
