"""Assistants in "my data", in review and its exports, and when an account is erased."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.models import User
from conversations.assistants import services
from conversations.assistants.content import AssistantContent
from conversations.models import Assistant, AssistantPicture, Conversation
from conversations.outbox import worker
from conversations.services import export
from tests.factories import make_assistant, make_conversation
from tests.review.exports.exporting import lines, table
from tests.review.pages import opened, text_of


def begun(owner: User, assistant: Assistant, title: str = "With it") -> Conversation:
    conversation = make_conversation(owner, "Hello", "Hi", title=title)
    conversation.assistant, conversation.assistant_version = assistant, assistant.latest
    conversation.save()
    return conversation


def data_of(user: User) -> dict[str, Any]:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(export.make_archive(user=user))))
    return {
        name.rpartition("/")[0] or name: json.loads(archive.read(name))
        for name in archive.namelist()
        if name.endswith(".json")
    }


def queue(client: Client, query: str) -> str:
    worker.process_outbox()
    return client.get(f"/admin/review/review/?{query}").content.decode()


def test_my_data_has_ones_own_with_every_version(alice: User, bob: User) -> None:
    made = make_assistant(alice, instructions="Be sly.", starters="Hunt | Where?")
    AssistantPicture.objects.create(assistant=made, content=b"RIFF", digest="0")
    changed = AssistantContent(name="Vixen")
    services.edit_assistant(user=alice, assistant_id=made.pk, content=changed)
    services.remove_assistant(user=alice, assistant_id=make_assistant(alice, "Owl").pk)
    make_assistant(bob, "Bear")
    fox, owl = data_of(alice)["assistants.json"]
    assert [(each["number"], each["name"]) for each in fox["versions"]] == [
        (1, "Fox"),
        (2, "Vixen"),
    ]
    assert fox["versions"][0]["starters"] == [{"title": "Hunt", "text": "Where?"}]
    assert fox["picture_webp"] == "UklGRg=="
    assert owl["removed_at"]


def test_my_data_names_the_assistant_of_a_conversation(alice: User) -> None:
    made = make_assistant(alice, parameters={"seed": 7})
    begun(alice, made)
    assert data_of(alice)["conversations"]["assistant"] == {
        "id": str(made.pk),
        "name": "Fox",
        "version": 1,
        "parameters": {"seed": 7},
    }


def test_exports_name_it(ada_client: Client, alice: User) -> None:
    begun(alice, make_assistant(alice))
    (record,) = lines(ada_client, "whole")
    assert record["assistant"]["name"] == "Fox"
    row = table(ada_client)[0]
    assert (row["assistant"], row["assistant_version"]) == ("Fox", "1")


def test_a_transcript_says_which_it_was(rita_client: Client, alice: User) -> None:
    made = make_assistant(alice)
    conversation = begun(alice, made)
    opened(rita_client, conversation)
    assert "Fox · version 1" in text_of(rita_client, conversation)  # type: ignore[arg-type]
    assert "With it" in queue(rita_client, f"assistant={made.pk}")


def test_the_queue_is_narrowed_to_an_assistant_and_a_version(
    rita_client: Client, alice: User
) -> None:
    made = make_assistant(alice)
    begun(alice, made, "The first")
    made.latest = made.versions.create(number=2, name="Fox")
    made.save()
    begun(alice, made, "The second")
    begun(alice, make_assistant(alice, "Owl"), "Another")
    found = queue(rita_client, f"assistant={made.pk}")
    assert "The first" in found
    assert "The second" in found
    assert "Another" not in found
    found = queue(rita_client, f"assistant={made.pk}&assistant_version=2")
    assert "The first" not in found
    assert "The second" in found


def test_only_what_is_shared_is_listed_to_choose_from(rita_client: Client, bob: User) -> None:
    make_assistant(bob, "Bear")
    make_assistant(bob, "Owl")
    Assistant.objects.filter(latest__name="Owl").update(is_for_all=True)
    page = queue(rita_client, "")
    assert "Owl</option>" in page
    assert "Bear" not in page


@pytest.mark.django_db(transaction=True)
def test_an_account_takes_its_own_along_and_leaves_what_it_shared(alice: User, bob: User) -> None:
    own, for_all, for_group = (make_assistant(alice, name) for name in ("Fox", "Owl", "Wolf"))
    Assistant.objects.filter(pk=for_all.pk).update(is_for_all=True)
    for_group.groups.add(Group.objects.create(name="Hunters"))
    conversation = begun(bob, own)
    erase_user(user=alice)
    left = Assistant.objects.order_by("latest__name")
    assert [(str(each), each.owner) for each in left] == [("Owl", None), ("Wolf", None)]
    conversation.refresh_from_db()
    assert (conversation.assistant, conversation.assistant_version) == (None, None)
    assert conversation.system_prompt == "Be brief."
