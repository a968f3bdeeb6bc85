"""Folders in the sidebar, the page of one, and moving a conversation."""

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.folders import Folder
from conversations.models import Conversation
from conversations.outbox import worker
from tests.factories import make_folder
from tests.views.html import HTMX, Page, parse
from tests.views.test_options import headings, links

NEWLY = {"folder": "new", "name": "Trips"}


@pytest.fixture
def folder(alice: User) -> Folder:
    return make_folder(alice)


@pytest.fixture
def filed(folder: Folder, conversation: Conversation) -> Conversation:
    """alice's, in her folder "Work"."""
    conversation.folder = folder
    conversation.save()
    return conversation


def move_url(conversation: Conversation) -> str:
    return f"/c/{conversation.pk}/move/"


def current(page: Page) -> list[tuple[str, str]]:
    """What the sidebar marks as open."""
    found = [link for link in page.all("a") if "aria-current" in link.attributes]
    return [(link.text, link["aria-current"]) for link in found]


def test_folders_stand_above_the_list(
    alice_client: Client, folder: Folder, conversation: Conversation
) -> None:
    page = parse(alice_client.get("/conversations/", headers=HTMX))
    assert headings(page) == ["Folders", "Today"]
    assert page.one("a", title="Work")["href"] == folder.get_absolute_url()


def test_a_part_of_the_list_has_no_folders(alice_client: Client, folder: Folder) -> None:
    cursor = f"2026-01-01T00:00:00+00:00_{folder.pk}"
    page = parse(alice_client.get("/conversations/", {"before": cursor}, headers=HTMX))
    assert "Work" not in page.text


def test_what_is_in_a_folder_is_on_its_page_and_not_in_the_list(
    alice_client: Client, folder: Folder, filed: Conversation
) -> None:
    assert links(parse(alice_client.get("/conversations/", headers=HTMX))) == []
    assert links(parse(alice_client.get(folder.get_absolute_url()))) == ["Greetings"]


def test_what_is_pinned_stays_on_top_wherever_it_is(
    alice_client: Client, folder: Folder, filed: Conversation
) -> None:
    Conversation.objects.update(pinned=True)
    assert links(parse(alice_client.get("/conversations/", headers=HTMX))) == ["Greetings"]
    page = parse(alice_client.get(folder.get_absolute_url(), headers=HTMX))
    assert links(page) == ["Greetings"]


def test_what_is_archived_is_not_on_the_page_of_its_folder(
    alice_client: Client, folder: Folder, filed: Conversation
) -> None:
    Conversation.objects.update(archived=True)
    page = parse(alice_client.get(folder.get_absolute_url()))
    assert "Nothing is in this folder yet." in page.text
    assert links(parse(alice_client.get("/archive/"))) == ["Greetings"]


def test_the_page_of_a_folder_goes_on_from_page_to_page(
    alice_client: Client, alice: User, folder: Folder
) -> None:
    for number in range(60):
        Conversation.objects.create(owner=alice, title=f"Talk {number}", folder=folder)
    url = folder.get_absolute_url()
    first = parse(alice_client.get(url))
    (older,) = [a["href"] for a in first.all("a") if a.text == "Older"]
    second = parse(alice_client.get(f"{url}{older}"))
    assert len(links(first)) + len(links(second)) == 60
    assert not set(links(first)) & set(links(second))
    assert alice_client.get(f"{url}?before=x").status_code == 404


def test_the_folder_that_is_open_is_marked(alice_client: Client, folder: Folder) -> None:
    url = folder.get_absolute_url()
    assert current(parse(alice_client.get(url))) == [("Work", "page")]
    around = HTMX | {"HX-Current-URL": f"http://testserver{url}"}
    page = parse(alice_client.get("/conversations/", headers=around))
    assert current(page) == [("Work", "page")]


def test_the_folder_of_the_conversation_that_is_open_is_marked_and_named(
    alice_client: Client, folder: Folder, filed: Conversation
) -> None:
    page = parse(alice_client.get(filed.get_absolute_url()))
    assert current(page) == [("Work", "true")]
    (link,) = page.all("a", **{"class": "folder-link"})
    assert (link.text, link["href"]) == ("Work", folder.get_absolute_url())


def test_a_folder_is_made_and_opens(alice_client: Client) -> None:
    form = {"name": "Trips", "color": "teal"}
    response = alice_client.post("/folders/new/", form, headers=HTMX)
    folder = Folder.objects.get()
    assert response["HX-Redirect"] == folder.get_absolute_url()
    assert (folder.name, folder.color) == ("Trips", "teal")


def test_a_name_that_is_taken_is_told_beside_what_was_typed(
    alice_client: Client, folder: Folder
) -> None:
    response = alice_client.post("/folders/new/", {"name": "work", "color": "pink"})
    page = parse(response)
    assert response.status_code == 422
    assert "already" in page.by_id("question-error").text
    assert page.by_id("folder-name")["value"] == "work"
    assert "checked" in page.one("input", name="color", value="pink").attributes


def test_a_folder_is_edited(alice_client: Client, folder: Folder) -> None:
    url = f"{folder.get_absolute_url()}edit/"
    assert parse(alice_client.get(url)).by_id("folder-name")["value"] == "Work"
    alice_client.post(url, {"name": "Play", "color": "red"})
    folder.refresh_from_db()
    assert (folder.name, folder.color) == ("Play", "red")


def test_deleting_a_folder_says_how_many_conversations_are_kept(
    alice_client: Client, folder: Folder, filed: Conversation
) -> None:
    url = f"{folder.get_absolute_url()}delete/"
    dialog = parse(alice_client.get(url, headers=HTMX))
    assert "The conversation in it is kept and goes back to the list." in dialog.text
    page = parse(alice_client.post(url, follow=True))
    assert "The folder “Work” was deleted. The conversation in it was kept." in page.text
    assert links(page) == ["Greetings"]


def test_a_conversation_is_moved_and_the_toast_takes_it_back(
    alice_client: Client, folder: Folder, conversation: Conversation
) -> None:
    url = move_url(conversation)
    toast = parse(alice_client.post(url, {"folder": str(folder.pk)}, headers=HTMX))
    assert "“Greetings” was moved to “Work”." in toast.text
    conversation.refresh_from_db()
    assert conversation.folder == folder
    fields = {
        field["name"]: field["value"]
        for field in toast.all("input", type="hidden")
        if field["name"] != "csrfmiddlewaretoken"
    }
    alice_client.post(toast.one("form")["hx-post"], fields, headers=HTMX)
    conversation.refresh_from_db()
    assert conversation.folder is None


def test_moving_offers_each_folder_none_and_a_new_one(
    alice_client: Client, folder: Folder, filed: Conversation
) -> None:
    dialog = parse(alice_client.get(move_url(filed), headers=HTMX))
    choices = dialog.all("input", name="folder")
    assert [choice["value"] for choice in choices] == ["", str(folder.pk), "new"]
    assert ["checked" in choice.attributes for choice in choices] == [False, True, False]


@pytest.mark.parametrize("form", [NEWLY, NEWLY | {"folder": ""}])
def test_a_conversation_is_moved_to_a_new_folder(
    alice_client: Client, conversation: Conversation, form: dict[str, str]
) -> None:
    alice_client.post(move_url(conversation), form)
    conversation.refresh_from_db()
    assert conversation.folder
    assert conversation.folder.name == "Trips"


def test_a_new_folder_without_a_name_moves_nothing(
    alice_client: Client, conversation: Conversation
) -> None:
    response = alice_client.post(move_url(conversation), {"folder": "new"}, headers=HTMX)
    assert response.status_code == 422
    assert response.content.decode() == "Write a name first."


def test_nothing_is_moved_to_somebody_else_s_folder(
    alice_client: Client, conversation: Conversation, bob: User
) -> None:
    for target in (str(make_folder(bob).pk), "x"):
        assert alice_client.post(move_url(conversation), {"folder": target}).status_code == 404
    conversation.refresh_from_db()
    assert conversation.folder is None


def test_what_the_page_shows_has_its_new_folder_in_its_header(
    alice_client: Client, folder: Folder, conversation: Conversation
) -> None:
    around = HTMX | {"HX-Current-URL": f"http://testserver{conversation.get_absolute_url()}"}
    form = {"folder": str(folder.pk)}
    page = parse(alice_client.post(move_url(conversation), form, headers=around))
    assert page.one("a", **{"class": "folder-link"}).text == "Work"


@pytest.mark.usefixtures("model")
@pytest.mark.django_db(transaction=True)
def test_a_chat_begun_on_the_page_of_a_folder_is_in_it_once(
    alice_client: Client, folder: Folder
) -> None:
    url = folder.get_absolute_url()
    assert parse(alice_client.get(url)).by_id("composer")["hx-post"] == url
    for _ in range(2):
        response = alice_client.post(url, {"text": "Hello", "token": "t"}, headers=HTMX)
        assert 'id="messages"' in response.content.decode()
    assert Conversation.objects.get().folder == folder


def test_a_first_message_that_is_refused_stays_in_the_box_of_its_folder(
    alice_client: Client, folder: Folder
) -> None:
    url = folder.get_absolute_url()
    response = alice_client.post(url, {"text": " x" * 600_000, "token": "t"})
    page = parse(response)
    assert response.status_code == 422
    assert page.by_id("composer")["action"] == url
    assert page.by_id("composer-text").text.strip().startswith("x x")


def test_nobody_begins_a_chat_in_somebody_else_s_folder(bob_client: Client, folder: Folder) -> None:
    response = bob_client.post(folder.get_absolute_url(), {"text": "Hello", "token": "t"})
    assert response.status_code == 404
    assert not Conversation.objects.exists()


def test_a_search_names_the_folder(alice_client: Client, filed: Conversation) -> None:
    worker.process_outbox()
    page = parse(alice_client.get("/conversations/search/", {"q": "hello"}, headers=HTMX))
    days = page.all("span", **{"class": "search-day"})
    assert days
    assert all(day.text.endswith("· Work") for day in days)


@pytest.mark.parametrize("url", ["/archive/", "folder"])
def test_a_page_that_has_the_list_gets_the_main_column_alone(
    alice_client: Client, folder: Folder, url: str
) -> None:
    url = folder.get_absolute_url() if url == "folder" else url
    whole = parse(alice_client.get(url))
    response = alice_client.get(url, headers=HTMX | {"HX-Boosted": "true"})
    page = parse(response)
    assert page.one("h1").text == whole.one("h1").text
    assert page.one("title").text == whole.one("title").text
    assert not page.all("nav", **{"aria-label": "Conversations"})
    assert "HX-Boosted" in response["Vary"]


def test_a_page_that_fetches_its_rows_again_gets_nothing_else(
    alice_client: Client, filed: Conversation
) -> None:
    filed.archived = True
    filed.save()
    page = parse(alice_client.get("/archive/", headers=HTMX))
    assert links(page) == ["Greetings"]
    assert not page.all("h1")
