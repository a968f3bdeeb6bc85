"""Limits in the administration: a user's, a group's, or the default."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client

from chatsite.accounts.models import Limit, User
from tests.views.html import parse

LIST = "/admin/accounts/limit/"
ADD = f"{LIST}add/"
EMPTY = {
    "user": "",
    "group": "",
    "messages_per_minute": "",
    "tokens_per_day": "",
    "usd_per_month": "",
}


def add(client: Client, **fields: object) -> str:
    """What is wrong with a new limit; nothing when it was made."""
    response = client.post(ADD, EMPTY | {name: str(value) for name, value in fields.items()})
    if response.status_code == 302:
        return ""
    page = parse(response)
    return " ".join(e.text for e in page.elements if "errorlist" in e.attributes.get("class", ""))


def test_the_default_is_made_and_changed(ada_client: Client) -> None:
    assert add(ada_client, tokens_per_day=50_000) == ""
    limit = Limit.objects.get(user=None, group=None)
    url = f"{LIST}{limit.pk}/change/"
    assert ada_client.post(url, EMPTY | {"usd_per_month": "2.50"}).status_code == 302
    limit.refresh_from_db()
    assert (limit.tokens_per_day, str(limit.usd_per_month)) == (None, "2.50")


def test_a_users_and_a_groups_are_made(ada_client: Client, alice: User) -> None:
    group = Group.objects.get(name="user")
    assert add(ada_client, user=alice.pk, messages_per_minute=5) == ""
    assert add(ada_client, group=group.pk, messages_per_minute=5) == ""
    assert Limit.objects.count() == 2


def test_a_limit_of_both_is_refused(ada_client: Client, alice: User) -> None:
    group = Group.objects.get(name="user")
    assert "not both" in add(ada_client, user=alice.pk, group=group.pk, tokens_per_day=1)


def test_a_second_default_is_refused(ada_client: Client) -> None:
    Limit.objects.create(tokens_per_day=1)
    assert "There is a default already" in add(ada_client, tokens_per_day=2)


def test_a_second_one_of_a_user_is_refused(ada_client: Client, alice: User) -> None:
    Limit.objects.create(user=alice, tokens_per_day=1)
    assert "already exists" in add(ada_client, user=alice.pk, tokens_per_day=2)


@pytest.mark.parametrize("field", ["messages_per_minute", "tokens_per_day", "usd_per_month"])
def test_less_than_nothing_is_refused(ada_client: Client, field: str) -> None:
    assert "greater than or equal to 0" in add(ada_client, **{field: -1})


def test_the_list_says_whose_they_are(ada_client: Client, alice: User) -> None:
    Limit.objects.create(tokens_per_day=1)
    Limit.objects.create(user=alice, tokens_per_day=2)
    text = parse(ada_client.get(LIST)).text
    assert "Everybody" in text
    assert "one user" in text
    assert "alice" in text


def test_reviewers_see_none(rita_client: Client) -> None:
    assert rita_client.get(LIST).status_code == 403


def test_the_log_of_a_limit_holds_no_name(ada_client: Client, alice: User) -> None:
    form = {"user": str(alice.pk), "group": "", "tokens_per_day": "5"}
    ada_client.post("/admin/accounts/limit/add/", form)
    assert "alice" not in LogEntry.objects.get().object_repr


def test_kinds_of_files_are_chosen(ada_client: Client) -> None:
    response = ada_client.post(ADD, EMPTY | {"file_megabytes": "5", "file_kinds": ["pdf", "text"]})
    assert response.status_code == 302
    limit = Limit.objects.get()
    assert (limit.file_megabytes, limit.file_kinds) == (5, ["pdf", "text"])


def test_where_no_kind_of_files_is_chosen_all_are_taken(ada_client: Client) -> None:
    assert add(ada_client, tokens_per_day=5) == ""
    assert Limit.objects.get().file_kinds is None
