"""The administration: who gets in, and users, who are made and edited there."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from chatsite.accounts.models import User
from tests.conftest import signed_in
from tests.passwords import set_password
from tests.views.html import Page, parse

NEW_USER = {
    "username": "dora",
    "email": "dora@example.com",
    "role": "user",
    "usable_password": "true",
    "password1": "battery staple",
    "password2": "battery staple",
}


def test_signing_in_goes_through_our_page(client: Client, rita: User) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1] == ("/accounts/login/?next=%2Fadmin%2F", 302)


def test_who_signs_in_there_comes_back(client: Client, rita: User) -> None:
    page = client.get("/admin/review/review/", follow=True)
    form = {"login": "rita", "password": "correct horse"}
    response = client.post(page.redirect_chain[-1][0], form)
    assert response["Location"] == "/admin/review/review/"


def test_its_own_sign_in_form_takes_no_password(client: Client, rita: User) -> None:
    form = {"username": "rita", "password": "correct horse"}
    response = client.post("/admin/login/?next=/admin/", form)
    assert response["Location"].startswith("/accounts/login/")
    assert "sessionid" not in client.cookies


def test_others_are_told_that_it_is_not_for_them(alice_client: Client) -> None:
    response = alice_client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert parse(response).one("h1").text == "You don’t have access to this"


@pytest.mark.parametrize("path", ["review/review", "review/accessentry", "review/siteday"])
def test_staff_without_the_permission_see_no_conversations(db: None, path: str) -> None:
    user = User.objects.create_user("sam", "sam@example.com", "correct horse", is_staff=True)
    assert signed_in(user).get(f"/admin/{path}/").status_code == 403


def test_a_user_is_made_and_can_sign_in(ada_client: Client, client: Client) -> None:
    response = ada_client.post("/admin/accounts/user/add/", NEW_USER)
    assert response.status_code == 302
    form = {"login": "dora@example.com", "password": "battery staple"}
    assert client.post("/accounts/login/", form)["Location"] == "/"


def test_a_user_needs_a_name(ada_client: Client) -> None:
    response = ada_client.post("/admin/accounts/user/add/", NEW_USER | {"username": ""})
    assert "This field is required." in parse(response).text


def test_several_users_may_have_no_address(ada_client: Client) -> None:
    for name in ("dora", "erik"):
        form = NEW_USER | {"username": name, "email": ""}
        assert ada_client.post("/admin/accounts/user/add/", form).status_code == 302
    assert User.objects.filter(email="").count() == 2


@pytest.mark.parametrize("taken", [{"username": "Alice"}, {"email": "ALICE@example.com"}])
def test_a_name_that_is_taken_in_another_case_is_refused(
    ada_client: Client, alice: User, taken: dict[str, str]
) -> None:
    response = ada_client.post("/admin/accounts/user/add/", NEW_USER | taken)
    assert "already exists" in parse(response).text
    assert not User.objects.filter(username="dora").exists()


def test_setting_a_password_signs_the_user_out_at_once(
    ada_client: Client, alice_client: Client, alice: User
) -> None:
    set_password(ada_client, alice)
    assert alice_client.get("/").status_code == 302
    assert not UserSession.objects.filter(user=alice).exists()


def test_administrators_who_set_their_own_password_stay(ada_client: Client, ada: User) -> None:
    set_password(ada_client, ada)
    assert ada_client.get("/admin/").status_code == 200


def edit(client: Client, user: User, **changes: str) -> Page | None:
    """Sends the form of a user's page with these changes; the page again where it is refused."""
    url = f"/admin/accounts/user/{user.pk}/change/"
    page = parse(client.get(url))
    form = {
        field["name"]: field.attributes.get("value", "")
        for field in page.all("input")
        if "name" in field.attributes and field["type"] not in {"submit", "checkbox"}
    }
    response = client.post(
        url, form | {"theme": "system", "role": "user", "is_active": "on"} | changes
    )
    return None if response.status_code == 302 else parse(response)


def test_a_user_is_edited(ada_client: Client, alice: User) -> None:
    assert edit(ada_client, alice, email="new@example.com") is None
    alice.refresh_from_db()
    assert alice.email == "new@example.com"
    assert alice.check_password("correct horse")


def test_a_user_is_not_given_the_address_of_another(
    ada_client: Client, alice: User, bob: User
) -> None:
    page = edit(ada_client, alice, email="BOB@example.com")
    assert page
    assert "already exists" in page.text


def test_a_user_is_not_given_a_time_zone_that_is_none(ada_client: Client, alice: User) -> None:
    page = edit(ada_client, alice, time_zone="Nowhere/Else")
    assert page
    assert "not a time zone" in page.text


@pytest.mark.parametrize("query", ["alice", "alice@example"])
def test_users_are_found(ada_client: Client, alice: User, bob: User, query: str) -> None:
    text = parse(ada_client.get("/admin/accounts/user/", {"q": query})).text
    assert "alice@example.com" in text
    assert "bob@example.com" not in text


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_who_may_not_see_a_model_is_not_told_which_objects_there_are(
    rita_client: Client, alice: User, page: str
) -> None:
    answers = {
        rita_client.get(f"/admin/accounts/user/{pk}/{page}/").status_code
        for pk in (alice.pk, 1_000_000, "x")
    }
    assert answers == {403}


def test_no_address_leads_to_an_object_on_the_site(rita_client: Client, alice: User) -> None:
    for pk in (alice.pk, 1_000_000):
        assert rita_client.get(f"/admin/r/4/{pk}/").status_code == 404
