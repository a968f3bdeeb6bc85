"""Several conversations of the list at once."""

import uuid

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.folders import Folder
from conversations.models import Conversation
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services.replies.channel import get_channel
from tests.factories import make_conversation, make_folder
from tests.views.html import HTMX, Page, parse
from tests.views.test_options import links

URL = "/conversations/selected/"


@pytest.fixture
def three(alice: User) -> list[Conversation]:
    return [make_conversation(alice, "Hello", title=f"Talk {number}") for number in range(3)]


def do(client: Client, what: str, conversations: list[Conversation], url: str = "") -> Page:
    form = {"do": what, "ids": [each.pk for each in conversations]}
    headers = HTMX | ({"HX-Current-URL": f"http://testserver{url}"} if url else {})
    return parse(client.post(URL, form, headers=headers))


def undo(client: Client, toast: Page) -> Page:
    fields: dict[str, list[str]] = {}
    for field in toast.all("input", type="hidden"):
        fields.setdefault(field["name"], []).append(field["value"])
    return parse(client.post(toast.one("form")["hx-post"], fields, headers=HTMX))


def listed(client: Client) -> list[str]:
    return sorted(links(parse(client.get("/conversations/", headers=HTMX))))


def test_each_row_has_a_box_named_by_its_title(
    alice_client: Client, three: list[Conversation]
) -> None:
    page = parse(alice_client.get("/"))
    boxes = page.all("input", **{"class": "row-check"})
    named = {page.by_id(box["aria-labelledby"]).text: box["value"] for box in boxes}
    assert named == {each.title: str(each.pk) for each in three}


@pytest.mark.parametrize(
    ("what", "done", "undone"),
    [
        ("archive", "2 conversations were archived.", "2 conversations are there again."),
        ("delete", "2 conversations were deleted.", "2 conversations are there again."),
    ],
)
def test_several_are_archived_or_deleted_and_one_click_undoes_it(
    alice_client: Client, three: list[Conversation], what: str, done: str, undone: str
) -> None:
    toast = do(alice_client, what, three[:2])
    assert done in toast.text
    assert listed(alice_client) == ["Talk 2"]
    assert undone in undo(alice_client, toast).text
    assert listed(alice_client) == ["Talk 0", "Talk 1", "Talk 2"]


def test_several_are_unarchived_and_one_click_undoes_it(
    alice_client: Client, three: list[Conversation]
) -> None:
    Conversation.objects.update(archived=True)
    toast = do(alice_client, "unarchive", three[:2])
    assert "2 conversations were unarchived." in toast.text
    assert listed(alice_client) == ["Talk 0", "Talk 1"]
    assert "2 conversations are there again." in undo(alice_client, toast).text
    assert listed(alice_client) == []


@pytest.mark.parametrize("url", ["/archive/", "folder"])
def test_the_archive_and_a_folder_offer_what_can_be_done_with_several(
    alice_client: Client, alice: User, three: list[Conversation], url: str
) -> None:
    folder = make_folder(alice)
    Conversation.objects.update(folder=folder, archived=url == "/archive/")
    page = parse(alice_client.get(folder.get_absolute_url() if url == "folder" else url))
    boxes = page.all("input", **{"class": "row-check"})
    named = {page.by_id(box["aria-labelledby"]).text: box["value"] for box in boxes}
    assert named == {each.title: str(each.pk) for each in three}
    offered = {button["value"] for button in page.all("button", form="selection")}
    assert offered == {"archive", "delete"} | ({"unarchive"} if url == "/archive/" else set())


def test_undoing_leaves_alone_what_was_archived_before(
    alice_client: Client, three: list[Conversation]
) -> None:
    Conversation.objects.filter(pk=three[0].pk).update(archived=True)
    toast = do(alice_client, "archive", three)
    assert "2 conversations were archived." in toast.text
    undo(alice_client, toast)
    assert listed(alice_client) == ["Talk 1", "Talk 2"]


def test_several_are_moved_to_a_folder_and_back(
    alice_client: Client, alice: User, three: list[Conversation]
) -> None:
    folder = make_folder(alice)
    form = {"folder": str(folder.pk), "ids": [each.pk for each in three[:2]]}
    toast = parse(alice_client.post(f"{URL}move/", form, headers=HTMX))
    assert "2 conversations were moved." in toast.text
    assert Conversation.objects.filter(folder=folder).count() == 2
    undo(alice_client, toast)
    assert listed(alice_client) == ["Talk 0", "Talk 1", "Talk 2"]


def test_what_came_from_several_folders_is_not_sent_back_to_one(
    alice_client: Client, alice: User, three: list[Conversation]
) -> None:
    Conversation.objects.filter(pk=three[0].pk).update(folder=make_folder(alice))
    form = {"folder": "", "ids": [each.pk for each in three]}
    page = parse(alice_client.post(f"{URL}move/", form, headers=HTMX))
    assert "3 conversations were moved." in page.text
    assert not page.all("form")


def test_several_are_moved_to_a_new_folder(alice_client: Client, three: list[Conversation]) -> None:
    form = {"folder": "new", "name": "Trips", "ids": [each.pk for each in three]}
    alice_client.post(f"{URL}move/", form, headers=HTMX)
    assert Folder.objects.get().conversations.count() == 3


def test_nothing_is_moved_to_a_folder_of_somebody_else(
    alice_client: Client, bob: User, three: list[Conversation]
) -> None:
    form = {"folder": str(make_folder(bob).pk), "ids": [each.pk for each in three]}
    assert alice_client.post(f"{URL}move/", form, headers=HTMX).status_code == 404
    assert not Conversation.objects.exclude(folder=None).exists()


@pytest.mark.parametrize("what", ["archive", "delete", "unarchive", "restore"])
def test_what_is_somebody_else_s_or_nothing_is_left_out_and_not_counted(
    bob_client: Client, three: list[Conversation], what: str
) -> None:
    before = list(Conversation.objects.order_by("pk").values())
    page = do(bob_client, what, [*three, Conversation(pk=uuid.uuid4())])
    assert "Nothing was changed" in page.one("div", **{"class": "toast error"}).text
    assert list(Conversation.objects.order_by("pk").values()) == before


def test_more_than_a_page_lists_are_refused(alice_client: Client) -> None:
    form = {"do": "delete", "ids": [str(uuid.uuid4()) for _ in range(201)]}
    response = alice_client.post(URL, form, headers=HTMX)
    assert response.status_code == 422
    assert "At most 200" in response.content.decode()


def test_what_can_be_no_id_is_left_out(alice_client: Client, conversation: Conversation) -> None:
    form = {"do": "archive", "ids": ["x", str(conversation.pk)]}
    toast = parse(alice_client.post(URL, form, headers=HTMX))
    assert "1 conversation was archived." in toast.text


@pytest.mark.parametrize("what", ["", "rename"])
def test_nothing_else_is_done(alice_client: Client, conversation: Conversation, what: str) -> None:
    form = {"do": what, "ids": [str(conversation.pk)]}
    assert alice_client.post(URL, form, headers=HTMX).status_code == 404


def test_a_new_chat_takes_the_place_of_what_the_page_showed(
    alice_client: Client, three: list[Conversation]
) -> None:
    form = {"do": "delete", "ids": [each.pk for each in three]}
    headers = HTMX | {"HX-Current-URL": f"http://testserver{three[0].get_absolute_url()}"}
    response = alice_client.post(URL, form, headers=headers)
    assert response["HX-Push-Url"] == "/"
    assert parse(response).by_id("composer")["action"] == "/"


def test_what_the_page_shows_says_that_it_is_archived(
    alice_client: Client, three: list[Conversation]
) -> None:
    page = do(alice_client, "archive", three, three[0].get_absolute_url())
    assert "Archived" in page.by_id("conversation-header").text


@pytest.mark.django_db(transaction=True)
def test_the_replies_that_are_being_written_are_stopped(
    alice_client: Client, three: list[Conversation], model: OfflineModel
) -> None:
    model.script(Fault(gate=Gate()))
    alice_client.post(f"/c/{three[0].pk}/messages/", {"text": "Count", "token": "t"})
    (reply,) = get_channel().list_replies()
    model.wait_for_request()
    do(alice_client, "delete", three)
    assert reply.wait_done(10)
