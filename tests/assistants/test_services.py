"""Making and changing assistants: versions, limits, who may."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.assistants import queries, services
from conversations.assistants.content import AssistantContent
from conversations.models import Assistant, Conversation
from tests.factories import make_assistant, make_conversation

FOX = AssistantContent(name="Fox", emoji="🦊", instructions="Be sly.")


def names(user: User) -> list[str]:
    return [each.latest.name for each in queries.list_usable(user) if each.latest]


def begin_with(user: User, assistant: Assistant) -> Conversation:
    conversation = make_conversation(user, "Hello")
    conversation.assistant, conversation.assistant_version = assistant, assistant.latest
    conversation.save()
    return conversation


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


@pytest.mark.parametrize("is_used", [True, False])
def test_of_versions_that_no_conversation_has_the_latest_are_kept(
    alice: User, monkeypatch: pytest.MonkeyPatch, is_used: bool
) -> None:
    monkeypatch.setattr(services, "UNUSED_KEPT", 2)
    made = services.create_assistant(owner=alice, content=FOX)
    if is_used:
        begin_with(alice, made)
    for number in range(2, 6):
        content = replace(FOX, description=f"Version {number}")
        services.edit_assistant(user=alice, assistant_id=made.pk, content=content)
    kept = made.versions.order_by("number").values_list("number", flat=True)
    assert list(kept) == ([1, 4, 5] if is_used else [4, 5])


@pytest.mark.parametrize(("is_used", "age", "is_kept"), [(0, 2, 0), (1, 2, 1), (0, 0, 1)])
def test_what_was_removed_and_no_conversation_has_goes_with_the_next_that_is_made(
    alice: User, is_used: int, age: int, is_kept: int
) -> None:
    made = make_assistant(alice)
    if is_used:
        begin_with(alice, made)
    services.remove_assistant(user=alice, assistant_id=made.pk)
    Assistant.objects.update(removed_at=timezone.now() - timedelta(hours=age))
    services.create_assistant(owner=alice, content=FOX)
    assert Assistant.objects.filter(pk=made.pk).exists() == bool(is_kept)


def test_one_that_was_removed_is_offered_no_more_and_its_conversations_stay(alice: User) -> None:
    made = make_assistant(alice)
    conversation = begin_with(alice, made)
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
