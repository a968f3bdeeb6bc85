"""What a message's form does with files: takes them back without scripts, and sends them otherwise
where they are too much as they are.
"""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import Limit, User
from conversations.attachments import uploads
from conversations.attachments.models import Attachment
from conversations.models import Conversation
from tests.attachments.factories import make_image, make_text_file
from tests.attachments.pdf_files import pdf, text_page
from tests.factories import make_folder
from tests.views.html import HTMX, Page, parse

pytestmark = pytest.mark.django_db


def chips(page: Page) -> list[str]:
    return [each["data-size"] for each in page.all("li", data_state="ready")]


@pytest.mark.parametrize("where", ["new", "conversation", "folder"])
def test_without_scripts_a_file_is_taken_back_and_the_text_stays(
    alice_client: Client, alice: User, conversation: Conversation, where: str
) -> None:
    folder = make_folder(alice)
    draft, url = {
        "new": ("new", "/"),
        "conversation": (str(conversation.pk), f"/c/{conversation.pk}/messages/"),
        "folder": (str(folder.pk), f"/folders/{folder.pk}/"),
    }[where]
    file, other = make_text_file(alice, draft=draft), make_text_file(alice, "More", draft=draft)
    form = {"text": "So far", "token": "a", "file": [file.pk, other.pk], "remove_file": file.pk}
    response = alice_client.post(url, form | {"upload": SimpleUploadedFile("b.txt", b"Brought")})
    page = parse(response)
    assert response.status_code == 200
    assert page.by_id("composer-text").text.strip() == "So far"
    assert chips(page) == ["4", "7"]
    assert not Attachment.objects.filter(pk=file.pk).exists()
    assert conversation.messages.count() == 2


def test_a_file_of_others_is_not_taken_back_by_a_form(
    bob_client: Client, alice: User, conversation: Conversation
) -> None:
    file = make_text_file(alice)
    assert bob_client.post("/", {"text": "", "remove_file": file.pk}).status_code == 200
    assert Attachment.objects.filter(pk=file.pk).exists()


def test_a_page_whose_script_does_not_take_files_back_is_fetched_anew(
    alice_client: Client, alice: User
) -> None:
    form = {"text": "So far", "remove_file": make_text_file(alice).pk}
    response = alice_client.post("/", form, headers=HTMX)
    assert response["HX-Refresh"] == "true"
    assert not Attachment.objects.exists()


def make_report(owner: User, pages: int = 9) -> Attachment:
    """A PDF that waits to be sent; its text is one word a page."""
    content = pdf([text_page(f"Word{number}") for number in range(pages)])
    return uploads.take_whole_file(owner=owner, name="report.pdf", pieces=[content], draft="new")


def test_without_an_error_nothing_is_said(alice_client: Client) -> None:
    assert parse(alice_client.get("/")).by_id("composer-error").text == ""


def find_alternatives(page: Page) -> dict[str, str]:
    """What else could be sent: a button's words → its value."""
    return {each.text.strip(): each["value"] for each in page.all("button", name="send_as")}


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["scripts", "no scripts"])
def test_a_pdf_that_is_too_long_can_go_as_its_text_or_its_first_pages(
    alice_client: Client, alice: User, settings: Settings, headers: dict[str, str]
) -> None:
    settings.CONTEXT_BUDGET = 10_000
    form = {"text": "Sum it up.", "token": "a form", "file": make_report(alice).pk}
    refused = alice_client.post("/", form, headers=headers)
    assert refused.status_code == 422
    found = find_alternatives(parse(refused))
    assert list(found) == ["Send only its first 4 pages", "Send only its text"]
    form["send_as"] = found["Send only its first 4 pages"]
    sent = alice_client.post("/", form, headers=headers, follow=True)
    assert sent.status_code == 200
    assert "first 4 of 9 pages" in parse(sent).one("a", data_show="pages").text


def test_a_button_pressed_twice_sends_once(
    alice_client: Client, alice: User, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 10_000
    file = make_report(alice)
    form = {"text": "Sum it up.", "token": "a form", "file": file.pk}
    form["send_as"] = f"text 0 {file.pk}"
    first = alice_client.post("/", form)
    assert alice_client.post("/", form)["Location"] == first["Location"]
    assert Attachment.objects.get().sent_as == "text"


def test_what_was_chosen_is_shown_where_the_message_is_refused_for_something_else(
    alice_client: Client, alice: User, settings: Settings
) -> None:
    file = make_report(alice)
    Limit.objects.create(user=alice, tokens_per_day=0)
    form = {"text": "Sum it up.", "file": file.pk, "send_as": f"text 0 {file.pk}"}
    refused = alice_client.post("/", form, headers=HTMX)
    assert refused.status_code == 429
    partial = parse(refused).one("hx-partial", hx_target=f"#file-{file.pk}")
    assert "text only" in partial.text


def test_pictures_that_are_too_long_together_can_go_in_low_detail(
    alice_client: Client, alice: User, conversation: Conversation, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 2000
    size: dict[str, Any] = {"width": 1500, "height": 1000, "tokens": 1400}
    files = [make_image(alice, name=name, **size).pk for name in ("cat.png", "dog.png")]
    url = f"/c/{conversation.pk}/messages/"
    form = {"text": "Which one?", "token": "a form", "file": files}
    found = find_alternatives(parse(alice_client.post(url, form, headers=HTMX)))
    form["send_as"] = found["Send pictures in low detail"]
    sent = parse(alice_client.post(url, form, headers=HTMX))
    notes = [each["data-note"] for each in sent.all("a", data_show="picture")]
    assert notes == ["Sent: low detail"] * 2


def test_the_first_page_stands_for_a_pdf(alice_client: Client, alice: User) -> None:
    file = make_report(alice)
    (thumbnail,) = parse(alice_client.get("/")).all("img", **{"class": "page-thumbnail"})
    assert thumbnail["src"] == f"/files/{file.pk}/small/"
    assert alice_client.get(thumbnail["src"])["Content-Type"] == "image/webp"
