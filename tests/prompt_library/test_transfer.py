"""The pages on which prompts are downloaded and brought."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chatsite.accounts.models import User
from conversations.prompt_library.models import SavedPrompt
from tests.prompt_library.factories import make_prompt
from tests.views.html import Page, parse


def upload(client: Client, content: bytes) -> Page:
    file = SimpleUploadedFile("prompts.json", content)
    return parse(client.post("/prompts/import/", {"file": file}, follow=True))


def test_a_download_has_ones_own_and_can_be_imported(
    alice_client: Client, alice: User, bob_client: Client, bob: User
) -> None:
    make_prompt(alice, "a", description="What it does", text="{{x}}")
    make_prompt(bob, "b", is_for_all=True)
    response = alice_client.post("/prompts/download/")
    assert response["Content-Disposition"].startswith('attachment; filename="prompts-')
    assert [each["name"] for each in json.loads(response.content)["prompts"]] == ["a"]
    assert "1 prompt was imported." in upload(bob_client, response.content).text
    assert SavedPrompt.objects.get(owner=bob, name="a").description == "What it does"
    assert (
        "0 prompts were imported. 1 was here already." in upload(bob_client, response.content).text
    )


def test_an_import_says_what_it_renamed(alice_client: Client, alice: User) -> None:
    make_prompt(alice, "a")
    content = json.dumps([{"command": "/a", "title": "A", "content": "Other"}]).encode()
    assert "“a” is called “a-2” here." in upload(alice_client, content).text


def test_a_file_with_a_wrong_entry_imports_nothing(alice_client: Client) -> None:
    content = json.dumps([{"name": "a", "text": "b"}, {"name": "c"}]).encode()
    page = upload(alice_client, content)
    assert "Nothing was imported." in page.text
    assert "Entry 2: It has no text." in page.text
    assert not SavedPrompt.objects.exists()
    assert "Choose a file first." in parse(alice_client.post("/prompts/import/")).text
