"""The pages of assistants: all of them, one of them, the forms."""

import base64
import json
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from chatsite.accounts.models import User
from conversations.assistants.services import get_latest
from conversations.attachments.reader import stop_reader
from conversations.models import Assistant, AssistantPicture
from tests.attachments.picture_files import photo, save
from tests.factories import make_assistant, make_conversation
from tests.views.html import HTMX, parse

FORM = {"name": "Fox", "emoji": "🦊", "instructions": "Be sly.", "temperature": "0.3"}


def export(content: dict[str, object]) -> SimpleUploadedFile:
    record = {"format": "chat-assistant", "name": "Fox"} | content
    return SimpleUploadedFile("fox.json", json.dumps(record).encode())


def test_one_is_made_and_shown(alice_client: Client, alice: User) -> None:
    response = alice_client.post("/assistants/new/", FORM)
    made = Assistant.objects.get()
    assert response["Location"] == made.get_absolute_url()
    latest = get_latest(made)
    assert (made.owner, latest.name, latest.parameters) == (alice, "Fox", {"temperature": 0.3})
    page = parse(alice_client.get(made.get_absolute_url()))
    assert "Fox" in page.text
    assert "Be sly." in page.text


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(alice_client: Client) -> None:
    typed = FORM | {"emoji": "fox", "temperature": "9"}
    response = alice_client.post("/assistants/new/", typed)
    assert response.status_code == 422
    page = parse(response)
    assert page.one("input", name="temperature")["value"] == "9"
    assert page.one("input", name="name")["value"] == "Fox"
    assert "Use one emoji" in page.text
    assert "Type a number from 0 to 2" in page.text
    assert not Assistant.objects.exists()


def test_a_change_is_saved(alice_client: Client, alice: User) -> None:
    made = make_assistant(alice, instructions="Be sly.")
    url = f"{made.get_absolute_url()}edit/"
    assert parse(alice_client.get(url)).one("input", name="name")["value"] == "Fox"
    alice_client.post(url, FORM | {"name": "Vixen"})
    made.refresh_from_db()
    assert (get_latest(made).name, get_latest(made).number) == ("Vixen", 2)


def test_the_list_has_ones_own_and_what_is_shared(
    alice_client: Client, alice: User, bob: User
) -> None:
    make_assistant(alice, "Fox")
    make_assistant(bob, "Bear")
    shared = make_assistant(bob, "Owl", description="Knows the night.")
    Assistant.objects.filter(pk=shared.pk).update(is_for_all=True)
    text = parse(alice_client.get("/assistants/")).text
    assert "Fox" in text
    assert "Owl" in text
    assert "Bear" not in text
    found = parse(alice_client.get("/assistants/?q=night", headers=HTMX)).text
    assert "Owl" in found
    assert "Fox" not in found


@pytest.mark.parametrize(
    "url", ["/assistants/?q=%00", "/assistants/choose/?q=%00", "/assistants/suggestions/?q=%00fox"]
)
def test_what_no_database_takes_is_no_word(alice_client: Client, alice: User, url: str) -> None:
    make_assistant(alice, "Fox")
    assert "Fox" in alice_client.get(url, headers=HTMX).content.decode()


def test_an_empty_list_says_what_will_be_there(alice_client: Client) -> None:
    assert "will be listed here" in parse(alice_client.get("/assistants/")).text


@pytest.mark.parametrize("number", [1, 40])
def test_the_list_takes_the_same_queries_however_long(
    alice_client: Client, alice: User, django_assert_num_queries: object, number: int
) -> None:
    for index in range(number):
        make_assistant(alice, f"Fox {index}")
    alice_client.get("/assistants/")
    # The session, its user; assistants, the sidebar's four.
    with django_assert_num_queries(8):  # type: ignore[operator]
        alice_client.get("/assistants/")


@pytest.mark.parametrize("number", [1, 40])
def test_the_page_of_one_takes_the_same_queries_however_much_is_there(
    alice_client: Client, alice: User, django_assert_num_queries: object, number: int
) -> None:
    made = make_assistant(alice)
    for index in range(number):
        made.latest = made.versions.create(number=index + 2, name="Fox")
        conversation = make_conversation(alice, "Hello")
        conversation.assistant, conversation.assistant_version = made, made.latest
        conversation.save()
    made.save()
    alice_client.get("/assistants/")
    # The session, its user; the assistant, its conversations, whether it is usable, its versions;
    # the sidebar's four.
    with django_assert_num_queries(11):  # type: ignore[operator]
        alice_client.get(made.get_absolute_url())


def test_a_page_lists_the_conversations_with_it(alice_client: Client, alice: User) -> None:
    made = make_assistant(alice)
    conversation = make_conversation(alice, "Hello", title="About hens")
    conversation.assistant, conversation.assistant_version = made, made.latest
    conversation.save()
    make_conversation(alice, "Hello", title="About cows")
    rows = parse(alice_client.get(made.get_absolute_url(), headers=HTMX)).text
    assert "About hens" in rows
    assert "About cows" not in rows


def test_it_is_exported_and_imported(alice_client: Client, bob_client: Client) -> None:
    alice_client.post("/assistants/new/", FORM)
    made = Assistant.objects.get()
    exported = alice_client.get(f"{made.get_absolute_url()}export/")
    assert 'filename="Fox.json"' in exported["Content-Disposition"]
    sent = SimpleUploadedFile("Fox.json", exported.content)
    bob_client.post("/assistants/import/", {"file": sent})
    copy = Assistant.objects.exclude(pk=made.pk).get()
    assert get_latest(copy).instructions == "Be sly."
    assert get_latest(copy).parameters == {"temperature": 0.3}


def test_an_import_with_something_wrong_is_shown_to_be_mended(alice_client: Client) -> None:
    sent = export({"instructions": "Be sly.", "parameters": {"temperature": 7}})
    response = alice_client.post("/assistants/import/", {"file": sent})
    assert response.status_code == 422
    page = parse(response)
    assert page.one("input", name="temperature")["value"] == "7"
    assert page.one("form", action="/assistants/new/")
    assert not Assistant.objects.exists()


def test_a_file_that_is_no_assistant_is_refused(alice_client: Client) -> None:
    response = alice_client.post("/assistants/import/", {"file": SimpleUploadedFile("a", b"x")})
    assert response.status_code == 422
    assert "isn’t JSON" in parse(response).text


def upload(client: Client, content: bytes, **fields: str) -> Assistant:
    picture = SimpleUploadedFile("a.png", content)
    client.post("/assistants/new/", FORM | fields | {"picture": picture})
    return Assistant.objects.get()


@pytest.fixture
def _reading() -> object:
    yield
    stop_reader()


@pytest.mark.usefixtures("_reading")
def test_a_picture_is_made_small_and_served_to_those_who_may_see_it(
    alice_client: Client, bob_client: Client
) -> None:
    made = upload(alice_client, save(photo(400, 300), "PNG"))
    picture = AssistantPicture.objects.get()
    assert len(picture.content) <= 64 * 1024
    url = f"{made.get_absolute_url()}picture/{picture.digest}/"
    response = alice_client.get(url)
    assert response["Content-Type"] == "image/webp"
    assert "immutable" in response["Cache-Control"]
    assert Image.open(BytesIO(response.content)).size == (128, 128)
    assert bob_client.get(url).status_code == 404
    assert url in alice_client.get("/assistants/").content.decode()
    edit = f"{made.get_absolute_url()}edit/"
    alice_client.post(edit, FORM | {"remove_picture": "on"})
    assert not AssistantPicture.objects.exists()


@pytest.mark.usefixtures("_reading")
def test_a_picture_is_exported_and_imported(alice_client: Client, bob_client: Client) -> None:
    made = upload(alice_client, save(photo(400, 300), "PNG"))
    exported = alice_client.get(f"{made.get_absolute_url()}export/")
    sent = SimpleUploadedFile("Fox.json", exported.content)
    bob_client.post("/assistants/import/", {"file": sent})
    copy = Assistant.objects.exclude(pk=made.pk).get()
    assert Image.open(BytesIO(bytes(copy.picture.content))).size == (128, 128)


@pytest.mark.usefixtures("_reading")
def test_a_file_whose_picture_is_none_is_shown_to_be_mended(alice_client: Client) -> None:
    picture = base64.b64encode(b"no picture").decode()
    sent = export({"instructions": "Be sly.", "picture_webp": picture})
    response = alice_client.post("/assistants/import/", {"file": sent})
    assert response.status_code == 422
    assert "Choose an image" in parse(response).text
    assert not Assistant.objects.exists()


def test_where_something_else_is_wrong_the_picture_is_to_be_chosen_again(
    alice_client: Client,
) -> None:
    picture = base64.b64encode(b"picture").decode()
    sent = export({"picture_webp": picture, "parameters": {"temperature": 7}})
    page = parse(alice_client.post("/assistants/import/", {"file": sent}))
    assert "The file’s picture isn’t kept here: choose it again." in page.text


@pytest.mark.usefixtures("_reading")
def test_what_is_no_picture_is_refused_and_nothing_typed_is_lost(alice_client: Client) -> None:
    picture = SimpleUploadedFile("a.png", b"no picture")
    response = alice_client.post("/assistants/new/", FORM | {"picture": picture})
    assert response.status_code == 422
    assert "Choose an image" in parse(response).text
    assert parse(response).one("input", name="name")["value"] == "Fox"


def test_administrators_share(ada_client: Client, ada: User, bob: User) -> None:
    made = make_assistant(ada)
    ada_client.post(f"{made.get_absolute_url()}share/", {"is_for_all": "on"})
    made.refresh_from_db()
    assert made.is_for_all
