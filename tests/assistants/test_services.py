"""Making and changing assistants: versions, limits, who may."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group
from django.http import Http404

from chatsite.accounts.models import User
from conversations.assistants import queries, services, sharing
from conversations.assistants.content import AssistantContent
from conversations.models import Assistant
from tests.factories import make_assistant, make_conversation

FOX = AssistantContent(name="Fox", emoji="🦊", instructions="Be sly.")


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


def test_a_change_makes_a_version_and_keeps_the_one_before(alice: User) -> None:
    made = services.create_assistant(owner=alice, content=FOX)
    changed = replace(FOX, instructions="Be kind.")
    services.edit_assistant(user=alice, assistant_id=made.pk, content=changed)
    found = queries.list_versions(made)
    assert [(each.number, each.instructions) for each in found] == [(2, "Be kind."), (1, "Be sly.")]
    assert queries.get_visible(alice, made.pk).latest == found[0]


def test_saving_it_unchanged_makes_none(alice: User) -> None:
    made = services.create_assistant(owner=alice, content=FOX)
    services.edit_assistant(user=alice, assistant_id=made.pk, content=FOX)
    assert made.versions.count() == 1


def test_there_is_a_limit(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_EACH", 1)
    made = services.create_assistant(owner=alice, content=FOX)
    with pytest.raises(services.TooManyAssistantsError):
        services.create_assistant(owner=alice, content=FOX)
    services.remove_assistant(user=alice, assistant_id=made.pk)
    services.create_assistant(owner=alice, content=FOX)


def test_one_that_was_removed_is_offered_no_more_and_its_conversations_stay(alice: User) -> None:
    made = make_assistant(alice)
    conversation = make_conversation(alice, "Hello")
    conversation.assistant, conversation.assistant_version = made, made.latest
    conversation.save()
    services.remove_assistant(user=alice, assistant_id=made.pk)
    assert names(alice) == []
    conversation.refresh_from_db()
    assert conversation.assistant_version == made.latest
    assert queries.get_known(alice, made.pk)[1] is False


def test_somebody_elses_does_not_exist(alice: User, bob: User, ada: User) -> None:
    made = make_assistant(alice)
    for user in (bob, ada):
        assert names(user) == []
        for read in (queries.get_visible, queries.get_known, queries.get_editable):
            with pytest.raises(Http404):
                read(user, made.pk)


def test_it_can_be_for_a_group(alice: User, bob: User, ada: User, group: Group) -> None:
    made = make_assistant(ada)
    share(ada, made, groups=[group])
    assert names(bob) == ["Fox"]
    assert names(alice) == []


def test_users_share_nothing(alice: User) -> None:
    made = make_assistant(alice)
    with pytest.raises(Http404):
        share(alice, made, is_for_all=True)


def test_what_is_shared_is_changed_by_administrators_alone(
    alice: User, bob: User, ada: User
) -> None:
    made = make_assistant(alice)
    Assistant.objects.update(is_for_all=True)
    for user in (alice, bob):
        with pytest.raises(Http404):
            services.edit_assistant(user=user, assistant_id=made.pk, content=FOX)
    services.edit_assistant(user=ada, assistant_id=made.pk, content=FOX)
    assert made.versions.count() == 2


def test_a_duplicate_is_ones_own(alice: User, ada: User) -> None:
    made = make_assistant(ada, instructions="Be sly.")
    share(ada, made, is_for_all=True)
    copy = services.duplicate_assistant(user=alice, assistant_id=made.pk)
    latest = services.get_latest(copy)
    assert (copy.owner, latest.name, latest.instructions) == (alice, "Copy of Fox", "Be sly.")
    assert not copy.is_shared


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
