"""The administration: users are made and edited there, conversations are read."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from tests.conftest import signed_in
from tests.factories import make_conversation
from tests.views.html import Page, parse

NEW_USER = {
    "username": "dora",
    "email": "dora@example.com",
    "role": "user",
    "usable_password": "true",
    "password1": "battery staple",
    "password2": "battery staple",
}


def titles(page: Page) -> list[str]:
    """Whose title each row of a list says."""
    return [
        cell.text.strip()
        for cell in page.elements
        if cell.attributes.get("class", "").split()[:1] in (["field-title"], ["field-conversation"])
    ]


@pytest.fixture
def reader(db: None) -> Client:
    """Staff who may see conversations, and nothing else."""
    user = User.objects.create_user("sam", "sam@example.com", "correct horse", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="conversations"))
    return signed_in(user)


def test_signing_in_goes_through_our_page(client: Client, rita: User) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1] == ("/accounts/login/?next=%2Fadmin%2F", 302)


def test_who_signs_in_there_comes_back(client: Client, rita: User) -> None:
    page = client.get("/admin/conversations/message/", follow=True)
    form = {"login": "rita", "password": "correct horse"}
    response = client.post(page.redirect_chain[-1][0], form)
    assert response["Location"] == "/admin/conversations/message/"


def test_its_own_sign_in_form_takes_no_password(client: Client, rita: User) -> None:
    form = {"username": "rita", "password": "correct horse"}
    response = client.post("/admin/login/?next=/admin/", form)
    assert response["Location"].startswith("/accounts/login/")
    assert "sessionid" not in client.cookies


def test_others_are_told_that_it_is_not_for_them(alice_client: Client) -> None:
    response = alice_client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert parse(response).one("h1").text == "You don’t have access to this"


@pytest.mark.parametrize("path", ["conversations/conversation", "conversations/message"])
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


@pytest.mark.parametrize("query", ["", "Greet", "alice", "alice@example.com"])
def test_conversations_are_listed_and_found(
    rita_client: Client, conversation: Conversation, query: str
) -> None:
    page = parse(rita_client.get("/admin/conversations/conversation/", {"q": query}))
    assert titles(page) == ["Greetings"]


def test_what_is_not_searched_for_is_not_listed(
    rita_client: Client, conversation: Conversation, bob: User
) -> None:
    make_conversation(bob, title="Another talk")
    page = parse(rita_client.get("/admin/conversations/conversation/", {"q": "another"}))
    assert titles(page) == ["Another talk"]


@pytest.mark.parametrize("query", ["hello to", "Greetings", "alice"])
def test_messages_are_found(
    rita_client: Client, conversation: Conversation, bob: User, query: str
) -> None:
    make_conversation(bob, "Good bye", title="Farewell")
    page = parse(rita_client.get("/admin/conversations/message/", {"q": query}))
    assert set(titles(page)) == {"Greetings"}


def test_a_conversation_is_read_only(rita_client: Client, conversation: Conversation) -> None:
    url = f"/admin/conversations/conversation/{conversation.pk}/change/"
    page = parse(rita_client.get(url))
    assert "Greetings" in page.text
    assert not page.all("input", name="title")
    assert not page.all("input", name="_save")
    assert rita_client.post(url, {"title": "Changed"}).status_code == 403


def test_a_message_is_read_only(rita_client: Client, conversation: Conversation) -> None:
    url = f"/admin/conversations/message/{conversation.leaf_id}/change/"
    page = parse(rita_client.get(url))
    assert "Hello to you." in page.text
    assert not page.all("textarea")
    assert rita_client.post(url, {"text": "Changed"}).status_code == 403


@pytest.mark.parametrize("kind", ["conversation", "message"])
def test_nothing_is_added_or_deleted(
    rita_client: Client, conversation: Conversation, kind: str
) -> None:
    pk = conversation.pk if kind == "conversation" else conversation.leaf_id
    base = f"/admin/conversations/{kind}/"
    assert rita_client.get(f"{base}add/").status_code == 403
    assert rita_client.post(f"{base}{pk}/delete/", {"post": "yes"}).status_code == 403
    rita_client.post(base, {"action": "delete_selected", "_selected_action": pk, "post": "yes"})
    assert conversation.messages.count() == 2


@pytest.mark.parametrize("kind", ["conversation", "message"])
def test_every_permission_there_is_does_not_make_it_writable(
    reader: Client, conversation: Conversation, kind: str
) -> None:
    pk = conversation.pk if kind == "conversation" else conversation.leaf_id
    url = f"/admin/conversations/{kind}/{pk}/"
    assert reader.get(f"{url}change/").status_code == 200
    assert reader.post(f"{url}change/", {"title": "Changed"}).status_code == 403
    assert reader.post(f"{url}delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("kind", ["conversation", "message"])
def test_a_list_costs_the_same_however_long(
    rita_client: Client, alice: User, django_assert_max_num_queries: object, kind: str
) -> None:
    for number in range(20):
        make_conversation(alice, "Hello", "Hi", title=f"Talk {number}")
    assert callable(django_assert_max_num_queries)
    rita_client.get("/admin/")  # the session has been seen a moment ago
    with django_assert_max_num_queries(10):
        rita_client.get(f"/admin/conversations/{kind}/")


def test_markup_in_messages_and_titles_is_text(rita_client: Client, alice: User) -> None:
    evil = "<script>alert(1)</script>"
    conversation = make_conversation(alice, evil, evil, title=evil)
    for path in (
        "conversation/",
        "message/",
        f"conversation/{conversation.pk}/change/",
        f"message/{conversation.leaf_id}/change/",
    ):
        content = rita_client.get(f"/admin/conversations/{path}").content
        assert b"&lt;script&gt;alert(1)" in content
        assert b"<script>alert" not in content


def test_the_latest_message_is_listed_first(
    rita_client: Client, conversation: Conversation
) -> None:
    page = parse(rita_client.get("/admin/conversations/message/"))
    roles = [e.text for e in page.elements if e.attributes.get("class") == "field-role"]
    assert roles == ["Assistant", "User"]
