"""Names outside ASCII: one name however it is written, the same on every database."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from chatsite.accounts.models import SitePolicy, User
from chatsite.accounts.names import SET_APART, fold_name
from chatsite.accounts.users.queries import find_user_by_login
from tests.views.html import parse

PASSWORD = "correct horse"
DECOMPOSED = "jose\u0301"
FULL_WIDTH = "ｊｏｓé"
WAYS = ["josé", DECOMPOSED, "JOSÉ", "JOSE\u0301", FULL_WIDTH, "Ｊosé"]


@pytest.fixture
def jose(db: None) -> User:
    return User.objects.create_user("josé", "jose@exämple.de", PASSWORD)


@pytest.mark.parametrize("login", WAYS)
def test_a_name_signs_in_however_it_is_written(client: Client, jose: User, login: str) -> None:
    client.post("/accounts/login/", {"login": login, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(jose.pk)


@pytest.mark.parametrize("login", ["jose@EXÄMPLE.de", "JOSE@exa\u0308mple.de"])
def test_an_address_signs_in_however_it_is_written(client: Client, jose: User, login: str) -> None:
    client.post("/accounts/login/", {"login": login, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(jose.pk)


@pytest.mark.parametrize("name", ["admin", "ａｄｍｉｎ", "ADMIN"])
def test_full_width_letters_are_the_ones_they_look_like(db: None, name: str) -> None:
    admin = User.objects.create_user("admin", "", PASSWORD)
    assert find_user_by_login(name) == admin


@pytest.mark.parametrize("name", WAYS)
def test_two_accounts_cannot_have_one_folded_name(jose: User, name: str) -> None:
    with pytest.raises(IntegrityError):
        User.objects.create_user(name, "", PASSWORD)


@pytest.mark.parametrize(("first", "second"), [("straße", "STRASSE"), ("ΣΟΦΟΣ", "σοφος")])
def test_case_is_folded_in_every_script(db: None, first: str, second: str) -> None:
    user = User.objects.create_user(first, "", PASSWORD)
    assert find_user_by_login(second) == user


@pytest.mark.parametrize("name", WAYS)
def test_signing_up_with_a_name_that_folds_to_a_taken_one_is_refused(
    client: Client, jose: User, name: str
) -> None:
    SitePolicy(pk=1, sign_up=SitePolicy.SignUp.OPEN).save()
    form = {"username": name, "password1": "a long sentence", "password2": "a long sentence"}
    page = parse(client.post("/accounts/signup/", form))
    assert "A user with that username already exists." in page.text


@pytest.mark.parametrize("name", WAYS)
def test_the_administration_refuses_a_name_that_folds_to_a_taken_one(
    ada_client: Client, jose: User, name: str
) -> None:
    form = {"username": name, "role": "user", "usable_password": "true"}
    form |= {"password1": "a long sentence", "password2": "a long sentence"}
    page = parse(ada_client.post("/admin/accounts/user/add/", form))
    assert "A user with that username already exists." in page.text


def test_the_administration_refuses_an_address_that_folds_to_a_taken_one(
    ada_client: Client, jose: User
) -> None:
    form = {"username": "dora", "email": "jose@EXÄMPLE.de", "role": "user"}
    form |= {"usable_password": "true", "password1": "a long sentence"}
    form |= {"password2": "a long sentence"}
    page = parse(ada_client.post("/admin/accounts/user/add/", form))
    assert "A user with that email address already exists." in page.text


def test_a_user_keeps_their_name_when_their_page_is_saved(jose: User) -> None:
    jose.full_clean()
    jose.save()
    assert User.objects.get(pk=jose.pk).username_key == "josé"


def test_a_new_name_brings_its_folded_form_along(jose: User) -> None:
    jose.username = "Zoë"
    jose.save(update_fields=["username"])
    assert find_user_by_login("ZOË") == jose


def test_the_command_for_administrators_refuses_a_taken_name(jose: User) -> None:
    with pytest.raises(CommandError, match="already taken"):
        call_command("createsuperuser", "--noinput", username="JOSÉ", email="other@example.com")


def test_failed_tries_at_a_name_are_counted_together_however_it_is_written(
    client: Client, jose: User
) -> None:
    for login in WAYS[:5]:
        client.post("/accounts/login/", {"login": login, "password": "wrong"})
    page = client.post("/accounts/login/", {"login": "josé", "password": PASSWORD})
    assert "Too many failed sign-ins" in parse(page).text


@pytest.fixture
def older_twins(db: None) -> tuple[User, User]:
    """Two accounts from before names were folded, as the migration leaves them."""
    first = User.objects.create(username="josé")
    second = User.objects.create(username="twin")
    key = f"{fold_name('josé')}{SET_APART}{second.pk}"
    User.objects.filter(pk=second.pk).update(username=DECOMPOSED, username_key=key)
    second.refresh_from_db()
    return first, second


def test_accounts_that_shared_a_folded_name_before_are_both_found(
    older_twins: tuple[User, User],
) -> None:
    assert (find_user_by_login("josé"), find_user_by_login(DECOMPOSED)) == older_twins


def test_an_account_that_shared_a_folded_name_before_can_be_saved(
    older_twins: tuple[User, User],
) -> None:
    older_twins[1].save()
    assert User.objects.filter(username_key__contains=SET_APART).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_upgrade_gives_every_account_a_folded_name_and_loses_none() -> None:
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    executor.migrate([("accounts", "0003_pseudonym")])
    before = executor.loader.project_state(("accounts", "0003_pseudonym")).apps
    for name in ("josé", DECOMPOSED, "Alice"):
        before.get_model("accounts", "User").objects.create(username=name, password=name)
    MigrationExecutor(connection).migrate(newest)
    found = [find_user_by_login(name) for name in ("josé", DECOMPOSED, "alice")]
    assert [user and user.password for user in found] == ["josé", DECOMPOSED, "Alice"]
