"""A conversation opened from the list takes the place of the main column; the list stays."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.conftest import OpenPage
from tests.e2e.held import Hold
from tests.e2e.site import Site
from tests.e2e.steps import box, name_of, reply, send, shows, words
from tests.e2e.test_options import PHONE, choose

# Survives only while the page itself does.
IS_SAME = "window.isSame === true"


def row(page: Page, title: str) -> Locator:
    nav = page.get_by_role("navigation", name="Conversations")
    return nav.get_by_role("link", name=title, exact=True)


@pytest.fixture
def talker(dora: Page) -> Page:
    """Somebody with two conversations, of which “Second” is open; the page is marked."""
    for text in ("First", "Second"):
        dora.goto("/")
        send(dora, text)
        shows(dora, "complete")
    expect(row(dora, "First")).to_be_visible()
    dora.evaluate("window.isSame = true")
    return dora


def opens(page: Page, title: str) -> None:
    row(page, title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_only_the_main_column_is_swapped(talker: Page) -> None:
    opens(talker, "First")
    expect(talker).to_have_title("First · Chat")
    expect(row(talker, "First")).to_have_attribute("aria-current", "page")
    expect(row(talker, "Second")).not_to_have_attribute("aria-current", "page")
    expect(box(talker)).to_be_focused()
    assert talker.url.endswith(row(talker, "First").get_attribute("href") or "-")
    assert talker.evaluate(IS_SAME)


def test_back_and_forward_show_what_was_open(talker: Page) -> None:
    second = talker.url
    opens(talker, "First")
    talker.go_back()
    expect(talker.get_by_role("heading", level=1)).to_have_text("Second")
    assert talker.url == second
    talker.go_forward()
    expect(talker.get_by_role("heading", level=1)).to_have_text("First")


def test_a_message_is_sent_into_the_conversation_that_was_opened(talker: Page) -> None:
    opens(talker, "First")
    send(talker, "More of it")
    shows(talker, "complete")
    expect(talker.locator("article[data-role=user]")).to_have_count(2)
    talker.reload()
    expect(talker.locator("article[data-role=user]")).to_have_count(2)
    expect(talker.get_by_role("heading", level=1)).to_have_text("First")


def test_each_conversation_keeps_its_draft(talker: Page) -> None:
    box(talker).fill("for the second")
    opens(talker, "First")
    expect(box(talker)).to_have_value("")
    box(talker).fill("for the first")
    opens(talker, "Second")
    expect(box(talker)).to_have_value("for the second")


def test_a_new_chat_keeps_the_list(talker: Page) -> None:
    talker.get_by_role("link", name="New chat").first.click()
    expect(talker.get_by_role("heading", name="What would you like to talk about?")).to_be_visible()
    expect(talker).to_have_title("New chat · Chat")
    send(talker, "Third")
    shows(talker, "complete")
    expect(row(talker, "Third")).to_have_attribute("aria-current", "page")
    assert talker.evaluate(IS_SAME)


def test_a_reply_goes_on_while_another_conversation_is_looked_at(
    talker: Page, model: OfflineModel
) -> None:
    gate = Gate()
    model.script(Fault(text=words(40), gate=gate))
    send(talker, "Count")
    gate.release(5)
    expect(reply(talker)).to_contain_text("word3")
    opens(talker, "First")
    expect(talker.locator("article[data-role=user]")).to_contain_text("First")
    gate.open()
    opens(talker, "Second")
    shows(talker, "complete")
    expect(reply(talker)).to_contain_text("word39.")


# By a command, which tells no page of it.
DELETED = """
from django.utils import timezone
from conversations.models import Conversation
Conversation.objects.filter(pk={pk!r}).update(deleted_at=timezone.now())
"""


def test_one_deleted_elsewhere_says_so_and_leaves_the_page(site: Site, talker: Page) -> None:
    first = row(talker, "First").get_attribute("href") or ""
    site.run(DELETED, pk=first.split("/")[2])
    row(talker, "First").click()
    expect(talker.get_by_text("This is no longer here.")).to_be_visible()
    expect(talker.get_by_role("heading", level=1)).to_have_text("Second")
    expect(row(talker, "Second")).to_have_attribute("aria-current", "page")
    expect(row(talker, "First")).to_have_count(0)


# In these tests an answer that is due to one page comes when another is open.
def test_a_list_that_comes_late_changes_nothing_of_what_was_opened_meanwhile(
    talker: Page, sign_in: OpenPage, hold: Hold
) -> None:
    held = hold(talker, re.compile(r"/conversations/(\?|$)"))
    with talker.expect_request(re.compile(r"/conversations/(\?|$)")):
        send(sign_in(name_of(talker)), "Third")
    opens(talker, "First")
    held.let_go()
    expect(row(talker, "Third")).to_be_visible()
    expect(talker).to_have_title("First · Chat")
    expect(talker.get_by_role("heading", level=1)).to_have_text("First")
    expect(row(talker, "First")).to_have_attribute("aria-current", "page")
    expect(row(talker, "Second")).not_to_have_attribute("aria-current", "page")


def test_a_change_of_what_was_open_leaves_alone_what_was_opened_meanwhile(
    talker: Page, hold: Hold
) -> None:
    held = hold(talker, "**/archive/")
    with talker.expect_request("**/archive/"):
        choose(talker, "Second", "Archive")
    opens(talker, "First")
    held.let_go()
    expect(talker.get_by_text("“Second” was archived.")).to_be_visible()
    expect(row(talker, "Second")).to_have_count(0)
    expect(talker.get_by_role("heading", level=1)).to_have_text("First")
    expect(talker.locator("#conversation-header .conversation-note")).to_have_count(0)


def test_a_new_chat_that_comes_late_leaves_a_message_that_was_sent_meanwhile(
    dora: Page, hold: Hold
) -> None:
    address = re.compile(r":\d+/$")
    asked, sent = hold(dora, address, "GET"), hold(dora, address, "POST")
    with dora.expect_request(address):
        dora.get_by_role("link", name="New chat").first.click()
    box(dora).fill("First")
    with dora.expect_request(address):
        box(dora).press("Enter")
    with dora.expect_event("requestfinished", lambda request: request.method == "GET"):
        asked.let_go()
    sent.let_go()
    shows(dora, "complete")
    expect(dora).to_have_title("First · Chat")
    expect(dora).to_have_url(re.compile("/c/"))


def test_on_a_phone_the_sheet_closes_over_what_was_opened(site: Site, sign_in: OpenPage) -> None:
    page = sign_in(**PHONE)
    box(page).fill("First")
    page.get_by_role("button", name="Send message").tap()
    shows(page, "complete")
    page.goto("/")
    page.get_by_role("button", name="Open sidebar").tap()
    row(page, "First").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("First")
    expect(page.get_by_role("button", name="Close sidebar")).to_be_hidden()


def make_archive(page: Page) -> None:
    """“First” is archived, and “Second” lies in a folder."""
    choose(page, "First", "Archive")
    page.get_by_role("button", name="Dismiss").click()
    expect(row(page, "First")).to_have_count(0)
    choose(page, "Second", "Move to folder…")
    page.get_by_role("textbox", name="Name of the new folder").fill("Work")
    page.get_by_role("dialog").get_by_role("button", name="Move").click()
    expect(row(page, "Work")).to_be_visible()
    page.get_by_role("button", name="Dismiss").click()


def test_a_folder_takes_the_place_of_the_main_column_and_so_does_what_is_in_it(
    talker: Page,
) -> None:
    make_archive(talker)
    second = talker.url
    opens(talker, "Work")
    expect(talker).to_have_title("Work · Chat")
    expect(row(talker, "Work")).to_have_attribute("aria-current", "page")
    expect(box(talker)).to_be_focused()
    talker.get_by_role("main").get_by_role("link", name="Second").click()
    expect(talker).to_have_title("Second · Chat")
    expect(row(talker, "Work")).to_have_attribute("aria-current", "true")
    assert talker.url == second
    talker.get_by_role("main").get_by_role("link", name="Work").click()
    expect(talker).to_have_title("Work · Chat")
    assert talker.evaluate(IS_SAME)
    talker.go_back()
    expect(talker).to_have_title("Second · Chat")
    talker.go_forward()
    expect(talker).to_have_title("Work · Chat")


def test_the_archive_takes_the_place_of_the_main_column_and_gets_the_focus(talker: Page) -> None:
    make_archive(talker)
    talker.locator(".account-button").click()
    talker.get_by_role("link", name="Archive", exact=True).click()
    expect(talker).to_have_title("Archive · Chat")
    expect(talker.get_by_role("main")).to_be_focused()
    assert talker.url.endswith("/archive/")
    talker.get_by_role("button", name="Unarchive First").click()
    expect(talker.get_by_text("What you archive will be listed here")).to_be_visible()
    expect(row(talker, "First")).to_be_visible()
    expect(talker.get_by_role("main")).to_be_focused()
    assert talker.evaluate(IS_SAME)


def test_on_a_phone_a_folder_opens_and_the_sheet_closes(site: Site, sign_in: OpenPage) -> None:
    site.make_user("damaris")
    page = sign_in("damaris", **PHONE)
    page.get_by_role("button", name="Open sidebar").tap()
    page.get_by_role("button", name="New folder").tap()
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("Work")
    page.get_by_role("button", name="Create folder").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Work")
    page.goto("/")
    page.evaluate("window.isSame = true")
    page.get_by_role("button", name="Open sidebar").tap()
    row(page, "Work").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Work")
    expect(page.get_by_role("navigation", name="Conversations")).to_be_hidden()
    assert page.evaluate(IS_SAME)
