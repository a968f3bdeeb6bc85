"""For whom assistants are, whose defaults, and who reads what of them."""

from functools import partial

import pytest
from django.contrib.auth.models import Group, Permission
from django.http import Http404
from django.test import Client

from chatsite.accounts.models import User
from conversations.assistants import queries, sharing
from conversations.models import Assistant
from tests.factories import make_assistant, make_conversation
from tests.services.writing import at_once


def share(ada: User, assistant: Assistant, **fields: object) -> None:
    unshared = {
        "is_for_all": False,
        "groups": [],
        "is_site_default": False,
        "default_groups": [],
    }
    sharing.share_assistant(user=ada, assistant_id=assistant.pk, **(unshared | fields))  # type: ignore[arg-type]


def names(user: User) -> list[str]:
    return [each.latest.name for each in queries.list_usable(user) if each.latest]


@pytest.fixture
def group(bob: User) -> Group:
    group = Group.objects.create(name="Hunters")
    bob.groups.add(group)
    return group


def test_it_can_be_for_a_group(alice: User, bob: User, ada: User, group: Group) -> None:
    made = make_assistant(ada)
    share(ada, made, groups=[group])
    assert names(bob) == ["Fox"]
    assert names(alice) == []


def test_users_share_nothing(alice: User) -> None:
    made = make_assistant(alice)
    with pytest.raises(Http404):
        share(alice, made, is_for_all=True)


def test_the_default_of_a_group_comes_before_that_of_the_site(
    alice: User, bob: User, ada: User, group: Group
) -> None:
    of_site, of_group = make_assistant(ada, "Owl"), make_assistant(ada, "Wolf")
    share(ada, of_site, is_site_default=True)
    share(ada, of_group, default_groups=[group])
    assert queries.find_default(alice) == of_site
    assert queries.find_default(bob) == of_group


def test_among_defaults_of_groups_the_first_group_by_name_decides(
    bob: User, ada: User, group: Group
) -> None:
    first = Group.objects.create(name="Foragers")
    bob.groups.add(first)
    of_hunters, of_foragers = make_assistant(ada, "Wolf"), make_assistant(ada, "Bee")
    share(ada, of_hunters, default_groups=[group])
    share(ada, of_foragers, default_groups=[first])
    assert queries.find_default(bob) == of_foragers


def test_a_new_default_takes_the_place_of_the_one_before(
    bob: User, ada: User, group: Group
) -> None:
    before, after = make_assistant(ada, "Owl"), make_assistant(ada, "Wolf")
    for made in (before, after):
        share(ada, made, is_site_default=True, default_groups=[group])
    assert queries.find_default(bob) == after
    before.refresh_from_db()
    assert not before.is_site_default
    assert not before.default_groups.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(5))
def test_of_two_defaults_that_are_set_at_once_one_is_left(
    ada: User, group: Group, number: int
) -> None:
    made = [make_assistant(ada, name) for name in ("Owl", "Wolf", "Fox", "Bee")]
    shares = [
        partial(share, ada, each, is_site_default=True, default_groups=[group]) for each in made
    ]
    assert at_once(*shares) == [None] * 4
    assert Assistant.objects.filter(is_site_default=True).count() == 1
    assert Assistant.default_groups.through.objects.count() == 1


def test_who_unshares_somebody_elses_is_shown_the_list(
    ada_client: Client, alice: User, ada: User
) -> None:
    made = make_assistant(alice)
    Assistant.objects.update(is_for_all=True)
    response = ada_client.post(f"{made.get_absolute_url()}share/", {})
    assert response["Location"] == "/assistants/"
    own = make_assistant(ada)
    response = ada_client.post(f"{own.get_absolute_url()}share/", {})
    assert response["Location"] == own.get_absolute_url()


def test_what_has_no_owner_and_is_for_nobody_is_administrators(
    ada: User, bob: User, ada_client: Client
) -> None:
    made = make_assistant(ada)
    Assistant.objects.update(owner=None)
    assert list(queries.list_visible(ada)) == [made]
    assert not queries.list_visible(bob).exists()
    assert "Fox" in ada_client.get("/assistants/").content.decode()
    ada_client.post(f"{made.get_absolute_url()}share/", {"is_for_all": "on"})
    assert names(bob) == ["Fox"]


def test_whom_it_is_shared_with_reads_no_version_from_before(
    alice: User, bob: User, ada: User
) -> None:
    made = make_assistant(alice, instructions="For alice alone.")
    for number in (2, 3):
        made.latest = made.versions.create(number=number, name="Fox")
    made.save()
    Assistant.objects.update(is_for_all=True)

    def numbers(user: User) -> list[int]:
        shown = queries.list_versions(user, queries.get_visible(user, made.pk))
        return [each.number for each in shown]

    assert numbers(bob) == [3]
    conversation = make_conversation(bob, "Hello")
    conversation.assistant = made
    conversation.assistant_version = made.versions.get(number=2)
    conversation.save()
    assert numbers(bob) == [3, 2]
    assert numbers(ada) == numbers(alice) == [3, 2, 1]


def test_the_permission_alone_makes_no_administrator(alice: User, bob: User) -> None:
    made = make_assistant(bob)
    Assistant.objects.update(is_for_all=True)
    alice.user_permissions.add(Permission.objects.get(codename="change_assistant"))
    with pytest.raises(Http404):
        share(alice, made)
