"""Deleting users in the administration erases them."""

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from chatsite.accounts.models import UsageDay, User
from chatsite.accounts.roles import Role
from conversations.models import Conversation, Message
from tests.accounts.erasure.test_services import use
from tests.conftest import signed_in, with_role
from tests.factories import make_conversation
from tests.traces import tables_with
from tests.views.html import Page, parse

LAST = "This is the last administrator."
LIST = "/admin/accounts/user/"
YES = {"post": "yes"}


def page_of(user: User) -> str:
    return f"/admin/accounts/user/{user.pk}/delete/"


def delete_all(client: Client, *users: User, confirmed: bool = True) -> Page:
    form = {"action": "delete_selected", "_selected_action": [user.pk for user in users]}
    response = client.post(LIST, form | (YES if confirmed else {}), follow=True)
    assert response.status_code == 200
    return parse(response)


def exists(*users: User) -> bool:
    return User.objects.filter(pk__in=[user.pk for user in users]).count() == len(users)


def test_the_question_says_how_many_conversations_go(
    ada_client: Client, alice: User, conversation: Conversation
) -> None:
    make_conversation(alice, "Another")
    page = parse(ada_client.get(page_of(alice)))
    assert "Conversations: 2" in page.text
    assert "for good" in page.text


def test_a_user_goes_with_all_conversations(
    ada_client: Client, alice: User, bob: User, conversation: Conversation
) -> None:
    use(alice)
    assert ada_client.post(page_of(alice), YES).status_code == 302
    assert not exists(alice)
    assert not Message.objects.exists()
    assert UsageDay.objects.get().user is None
    assert exists(bob)


def test_nothing_names_them_afterwards(
    ada_client: Client, alice: User, conversation: Conversation
) -> None:
    ada_client.post(page_of(alice), YES)
    assert tables_with(["alice"]) == set()


def test_that_somebody_was_erased_is_in_the_log(ada_client: Client, ada: User, alice: User) -> None:
    ada_client.post(page_of(alice), YES)
    entry = LogEntry.objects.get(action_flag=DELETION)
    assert (entry.user, entry.object_repr, entry.object_id) == (ada, "An erased account", None)
    assert ada_client.get("/admin/").status_code == 200


def test_several_users_are_erased(
    ada_client: Client, alice: User, bob: User, conversation: Conversation
) -> None:
    make_conversation(bob, "Hello")
    assert "Conversations: 2" in delete_all(ada_client, alice, bob, confirmed=False).text
    delete_all(ada_client, alice, bob)
    assert not exists(alice)
    assert not exists(bob)
    assert not Message.objects.exists()
    assert tables_with(["alice", "bob"]) == set()


@pytest.fixture
def keeper(db: None) -> Client:
    """Somebody who may delete users, and is no administrator."""
    user = User.objects.create_user("kay", "kay@example.com", "correct horse", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__model="user"))
    return signed_in(user)


def test_the_last_administrator_is_refused(keeper: Client, ada: User) -> None:
    page = parse(keeper.get(page_of(ada)))
    assert LAST in page.text
    assert not page.all("input", name="post")
    assert LAST in parse(keeper.post(page_of(ada), YES)).text
    assert exists(ada)


def test_the_last_administrators_are_refused_together(
    keeper: Client, ada: User, alice: User
) -> None:
    other = with_role("other", Role.ADMINISTRATOR)
    assert LAST in delete_all(keeper, ada, other, alice, confirmed=False).text
    assert LAST in delete_all(keeper, ada, other, alice).text
    assert exists(ada, other, alice)


def test_another_administrator_is_erased(ada_client: Client, ada: User) -> None:
    other = with_role("other", Role.ADMINISTRATOR)
    ada_client.post(page_of(other), YES)
    assert not exists(other)


def test_ones_own_account_is_deleted_elsewhere(ada_client: Client, ada: User) -> None:
    with_role("other", Role.ADMINISTRATOR)
    assert "“My data”" in parse(ada_client.get(page_of(ada))).text
    ada_client.post(page_of(ada), YES)
    assert exists(ada)


def test_a_reviewer_deletes_nobody(rita_client: Client, alice: User) -> None:
    assert rita_client.post(page_of(alice), YES).status_code == 403
    assert exists(alice)
