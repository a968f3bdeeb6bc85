"""Users: one of each name and of each address, whatever its case."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation


@pytest.mark.parametrize(
    ("username", "email"), [("ALICE", "other@example.com"), ("other", "ALICE@example.com")]
)
def test_the_database_refuses_a_second_in_another_case(
    alice: User, username: str, email: str
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(username, email)


@pytest.mark.parametrize(
    ("username", "email"), [("ALICE", "other@example.com"), ("other", "ALICE@example.com")]
)
def test_a_form_refuses_a_second_in_another_case(alice: User, username: str, email: str) -> None:
    user = User(username=username, email=email, password="x")
    with pytest.raises(ValidationError, match="already exists"):
        user.full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Nowhere/Else", "../etc/passwd"])
def test_a_time_zone_is_one_that_exists(zone: str) -> None:
    user = User(username="bob", email="bob@example.com", password="x", time_zone=zone)
    with pytest.raises(ValidationError, match="not a time zone"):
        user.full_clean()


@pytest.mark.parametrize("by", ["pseudonym", "conversations"])
def test_the_list_tells_nobody_who_is_behind_a_pseudonym(
    ada_client: Client, alice: User, conversation: Conversation, by: str
) -> None:
    wanted = alice.pseudonym if by == "pseudonym" else str(conversation.pk)
    assert ada_client.get("/admin/accounts/user/", {by: wanted}).status_code == 400


def test_the_list_is_filtered_by_its_own_filters(ada_client: Client, alice: User) -> None:
    assert ada_client.get("/admin/accounts/user/", {"is_active__exact": "1"}).status_code == 200
