"""Making and changing assistants: versions, limits, who may."""

from dataclasses import replace

import pytest
from django.http import Http404

from chatsite.accounts.models import User
from conversations.assistants import queries, services
from conversations.assistants.content import AssistantContent
from conversations.models import Assistant
from tests.factories import make_assistant, make_conversation

FOX = AssistantContent(name="Fox", emoji="🦊", instructions="Be sly.")


def names(user: User) -> list[str]:
    return [each.latest.name for each in queries.list_usable(user) if each.latest]


def test_a_change_makes_a_version_and_keeps_the_one_before(alice: User) -> None:
    made = services.create_assistant(owner=alice, content=FOX)
    changed = replace(FOX, instructions="Be kind.")
    services.edit_assistant(user=alice, assistant_id=made.pk, content=changed)
    found = queries.list_versions(alice, made)
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
    Assistant.objects.update(is_for_all=True)
    copy = services.duplicate_assistant(user=alice, assistant_id=made.pk)
    latest = services.get_latest(copy)
    assert (copy.owner, latest.name, latest.instructions) == (alice, "Copy of Fox", "Be sly.")
    assert not copy.is_shared
