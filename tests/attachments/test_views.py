"""Files by their addresses: uploaded in pieces, shown, saved, and taken away."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import Limit, User
from conversations.attachments.models import Attachment
from conversations.models import Conversation
from tests.attachments.factories import PNG, make_image, make_pdf, make_sent_file, make_text_file
from tests.factories import make_conversation, make_folder
from tests.local_copies import fill_copies
from tests.views.html import HTMX, Page, parse

pytestmark = pytest.mark.django_db

type Queries = Callable[[int], AbstractContextManager[object]]

TEXT = b"Milk, bread"


def begin(client: Client, name: str = "list.txt", size: int = len(TEXT), draft: str = "new") -> str:
    response = client.post("/files/", {"name": name, "size": size, "draft": draft})
    assert response.status_code == 201
    return f"/files/{response.json()['id']}/"


def send(client: Client, url: str, piece: bytes = TEXT, offset: int = 0) -> object:
    return client.post(
        f"{url}content/?offset={offset}", piece, content_type="application/octet-stream"
    )


def chips(page: Page) -> list[str]:
    return [each["data-size"] for each in page.all("li", data_state="ready")]


def test_a_file_comes_in_pieces_and_becomes_a_chip(alice_client: Client) -> None:
    url = begin(alice_client)
    first = alice_client.post(
        f"{url}content/?offset=0", TEXT[:4], content_type="application/octet-stream"
    )
    assert first.json()["received"] == 4
    last = alice_client.post(
        f"{url}content/?offset=4", TEXT[4:], content_type="application/octet-stream"
    )
    chip = parse(last).one("li")
    assert chip["data-state"] == "ready"
    assert "list.txt" in chip.text


def test_it_says_how_much_has_come(alice_client: Client) -> None:
    url = begin(alice_client)
    send(alice_client, url, TEXT[:4])
    assert alice_client.get(f"{url}content/").json()["received"] == 4


def test_a_gap_is_answered_with_where_to_go_on(alice_client: Client) -> None:
    url = begin(alice_client)
    response = alice_client.post(f"{url}content/?offset=9", b"x", content_type="text/plain")
    assert (response.status_code, response.json()["received"]) == (409, 0)


def test_what_is_too_large_is_refused_in_a_sentence(
    alice_client: Client, settings: Settings
) -> None:
    settings.FILE_SIZE_LIMIT = 10
    response = alice_client.post("/files/", {"name": "a.txt", "size": "11", "draft": "new"})
    assert response.status_code == 413
    assert "“a.txt” is too large" in response.content.decode()


@pytest.mark.parametrize("size", ["", "-1", "many", "1" * 30])
def test_a_size_that_is_none_is_refused(alice_client: Client, size: str) -> None:
    assert alice_client.post("/files/", {"name": "a.txt", "size": size}).status_code == 422


def test_what_waits_is_in_its_box_again(alice_client: Client, alice: User) -> None:
    conversation = make_conversation(alice, "Hello", "Hello to you.")
    make_text_file(alice)
    make_image(alice, draft=str(conversation.pk))
    folder = make_folder(alice)
    make_text_file(alice, "More", draft=str(folder.pk))
    page = parse(alice_client.get("/"))
    assert chips(page) == [str(len(TEXT))]
    assert "required" not in page.by_id("composer-text").attributes
    assert chips(parse(alice_client.get(conversation.get_absolute_url()))) == [str(len(PNG))]
    assert chips(parse(alice_client.get(folder.get_absolute_url()))) == ["4"]


def test_a_box_without_files_needs_words(alice_client: Client) -> None:
    assert "required" in parse(alice_client.get("/")).by_id("composer-text").attributes


def test_the_page_tells_its_script_the_limits(alice_client: Client, settings: Settings) -> None:
    settings.FILE_SIZE_LIMIT = 2048
    field = parse(alice_client.get("/")).by_id("composer-upload")
    assert field["data-file-size"] == "2048"
    assert field["data-too-large"].startswith("“{name}” is too large: {size}, where")


def test_a_site_without_files_offers_none(alice_client: Client, settings: Settings) -> None:
    settings.FILE_KINDS = []
    assert not parse(alice_client.get("/")).all("input", type="file")


@pytest.mark.parametrize(
    ("kinds", "accepted"),
    [
        (["image"], "image/*"),
        (["image", "pdf"], "image/*,application/pdf"),
        (["text"], "*/*"),
        (["image", "document"], "image/*,*/*"),
    ],
)
def test_the_picker_offers_what_is_taken(
    alice_client: Client, settings: Settings, kinds: list[str], accepted: str
) -> None:
    settings.FILE_KINDS = kinds
    assert parse(alice_client.get("/")).by_id("composer-upload")["accept"] == accepted


def test_a_file_is_taken_back(alice_client: Client, alice: User) -> None:
    file = make_text_file(alice)
    assert alice_client.post(f"/files/{file.pk}/remove/").status_code == 204
    assert not Attachment.objects.exists()


def test_what_is_in_a_message_is_not_taken_back(
    alice_client: Client, alice: User, conversation: Conversation
) -> None:
    file = make_sent_file(conversation.messages.earliest("pk"), make_text_file(alice))
    assert alice_client.post(f"/files/{file.pk}/remove/").status_code == 404


def test_a_text_is_previewed_as_text(alice_client: Client, alice: User) -> None:
    file = make_text_file(alice, "<b>Milk</b>" + "x" * 30_000)
    response = alice_client.get(f"/files/{file.pk}/text/")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.startswith(b"<b>Milk</b>")
    assert len(response.content.decode()) == 20_000
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize("what", ["view", "small", "download", "text", "content", "pages/1"])
def test_others_find_nothing(
    bob_client: Client, alice: User, conversation: Conversation, what: str
) -> None:
    file = make_sent_file(conversation.messages.earliest("pk"), make_image(alice))
    assert bob_client.get(f"/files/{file.pk}/{what}/").status_code == 404
    assert bob_client.get(f"/files/{uuid.uuid4()}/{what}/").status_code == 404


def test_a_message_shows_pictures_before_other_files(
    alice_client: Client, alice: User, conversation: Conversation
) -> None:
    message = conversation.messages.earliest("pk")
    make_sent_file(message, make_text_file(alice, name="list.txt"))
    make_sent_file(message, make_image(alice, width=1000, height=500, position=1))
    page = parse(alice_client.get(conversation.get_absolute_url()))
    (files,) = page.all("ul", **{"class": "message-files"})
    picture = next(each for each in page.all("img") if each["alt"] == "cat.png")
    assert (picture["width"], picture["height"]) == ("352", "176")
    assert "list.txt" in files.text
    shown = [each["data-show"] for each in page.all("a") if "data-show" in each.attributes]
    assert shown == ["picture", "text"]


def test_a_pdf_is_shown_by_pictures_of_its_pages(
    alice_client: Client, alice: User, conversation: Conversation
) -> None:
    file = make_pdf(alice, pages=9, page_pictures=2)
    make_sent_file(conversation.messages.earliest("pk"), file)
    link = parse(alice_client.get(conversation.get_absolute_url())).one("a", data_show="pages")
    assert (link["data-pages"], link["data-page-url"]) == ("2", f"/files/{file.pk}/pages/0/")
    assert "9 pages" in link.text
    assert alice_client.get(f"/files/{file.pk}/pages/2/")["Content-Type"] == "image/png"


def test_a_message_of_files_alone_can_be_edited(
    alice_client: Client, alice: User, conversation: Conversation
) -> None:
    message = conversation.messages.earliest("pk")
    make_sent_file(message, make_image(alice))
    url = f"/c/{conversation.pk}/messages/{message.pk}/edit/"
    form = parse(alice_client.get(url, headers=HTMX))
    assert "cat.png" in form.by_id(f"m{message.pk}-edit-help").text
    assert "required" not in form.one("textarea").attributes


@pytest.fixture
def queries(django_assert_num_queries: Queries, alice_client: Client) -> Queries:
    def count_queries(number: int) -> AbstractContextManager[object]:
        alice_client.get("/accounts/profile/")
        fill_copies()
        return django_assert_num_queries(number)

    return count_queries


def test_a_picture_takes_three_queries(alice_client: Client, alice: User, queries: Queries) -> None:
    file = make_image(alice)
    # The session, the user, the file.
    with queries(3):
        alice_client.get(f"/files/{file.pk}/view/")


@pytest.mark.parametrize("number", [1, 8])
def test_the_files_of_a_page_take_one_query(
    alice_client: Client, alice: User, conversation: Conversation, queries: Queries, number: int
) -> None:
    message = conversation.messages.earliest("pk")
    for position in range(number):
        make_sent_file(message, make_text_file(alice, f"{position}", position=position))
    # What a page takes without files (tests/views/test_queries.py), what waits, and the files.
    with queries(13):
        alice_client.get(conversation.get_absolute_url())


def test_the_page_tells_its_script_the_limits_of_who_looks_at_it(
    alice_client: Client, alice: User
) -> None:
    Limit.objects.create(user=alice, file_megabytes=1, file_kinds=["text", "image"])
    field = parse(alice_client.get("/")).by_id("composer-upload")
    assert (field["data-file-size"], field["data-kinds"]) == (str(1024**2), "image text")
    assert "1.0\xa0MB" in field["data-too-large"]


def test_a_first_message_brings_a_box_with_the_same_limits(
    alice_client: Client, alice: User
) -> None:
    Limit.objects.create(user=alice, file_kinds=["image"])
    page = parse(alice_client.post("/", {"text": "Hello", "token": "a"}, headers=HTMX))
    assert page.by_id("composer-upload")["data-kinds"] == "image"


def test_who_may_attach_nothing_is_offered_nothing(alice_client: Client, alice: User) -> None:
    Limit.objects.create(user=alice, file_megabytes=0)
    assert not parse(alice_client.get("/")).all("input", type="file")
