"""The menu of each conversation in the sidebar, by mouse, keyboard and touch."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.site import Site
from tests.e2e.steps import name_of

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

THREE = """
from chatsite.accounts.models import User
from conversations.models import Conversation
for title in ("Walnuts", "Figs", "Quinces"):
    Conversation.objects.create(
        owner=User.objects.get(username={name!r}), title=title, model="test-model"
    )
"""


def give_conversations(site: Site, page: Page) -> None:
    site.run(THREE, name=name_of(page))
    page.goto("/")


@pytest.fixture
def gatherer(site: Site, dora: Page) -> Page:
    """Somebody with three conversations, of which “Quinces” is the newest."""
    give_conversations(site, dora)
    return dora


def listed(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Conversations").get_by_role("link")


def choose(page: Page, title: str, entry: str) -> None:
    page.get_by_role("link", name=title, exact=True).hover()
    page.get_by_role("button", name=f"Options for {title}").click()
    page.get_by_role("button", name=entry, exact=True).click()


def test_a_pinned_conversation_goes_to_the_top_at_once(gatherer: Page) -> None:
    choose(gatherer, "Walnuts", "Pin")
    expect(gatherer.get_by_role("heading", name="Pinned")).to_be_visible()
    expect(listed(gatherer)).to_have_text(["Walnuts", "Quinces", "Figs"])


def test_one_that_is_open_is_renamed_from_the_list(gatherer: Page) -> None:
    listed(gatherer).filter(has_text="Figs").click()
    choose(gatherer, "Figs", "Rename")
    gatherer.get_by_role("textbox", name="Title").fill("Figs and dates")
    gatherer.keyboard.press("Enter")
    expect(gatherer.get_by_role("heading", level=1)).to_have_text("Figs and dates")
    expect(gatherer).to_have_title("Figs and dates · Chat")
    expect(gatherer.get_by_role("dialog")).to_have_count(0)
    expect(listed(gatherer).filter(has_text="Figs and dates")).to_be_visible()


def test_a_conversation_deleted_from_the_list_comes_back_by_undo(gatherer: Page) -> None:
    gatherer.get_by_role("textbox", name="Message").fill("half a thought")
    choose(gatherer, "Figs", "Delete")
    gatherer.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(listed(gatherer)).to_have_text(["Quinces", "Walnuts"])
    gatherer.get_by_role("button", name="Undo").click()
    expect(listed(gatherer)).to_have_text(["Quinces", "Figs", "Walnuts"])
    expect(gatherer.get_by_role("button", name="Undo")).to_have_count(0)
    expect(gatherer.get_by_role("textbox", name="Message")).to_have_value("half a thought")


def test_the_conversation_that_is_open_is_deleted_and_brought_back(gatherer: Page) -> None:
    listed(gatherer).filter(has_text="Figs").click()
    gatherer.wait_for_url("**/c/**")
    choose(gatherer, "Figs", "Delete")
    gatherer.get_by_role("dialog").get_by_role("button", name="Delete").click()
    gatherer.get_by_role("button", name="Undo").click()
    expect(gatherer.get_by_role("heading", level=1)).to_have_text("Figs")


def test_archived_conversations_leave_the_list_for_a_page_of_their_own(gatherer: Page) -> None:
    choose(gatherer, "Figs", "Archive")
    expect(listed(gatherer)).to_have_text(["Quinces", "Walnuts"])
    gatherer.locator(".account-button").click()
    gatherer.get_by_role("link", name="Archive").click()
    gatherer.get_by_role("button", name="Unarchive Figs").click()
    expect(gatherer.get_by_text("What you archive will be listed here")).to_be_visible()
    expect(listed(gatherer)).to_have_text(["Quinces", "Figs", "Walnuts"])


def test_the_menu_of_a_row_works_by_keyboard(gatherer: Page) -> None:
    gatherer.get_by_role("button", name="Options for Figs").focus()
    gatherer.keyboard.press("Enter")
    expect(gatherer.get_by_role("button", name="Pin", exact=True)).to_be_visible()
    gatherer.keyboard.press("ArrowDown")
    gatherer.keyboard.press("ArrowDown")
    expect(gatherer.get_by_role("button", name="Pin", exact=True)).to_be_focused()
    gatherer.keyboard.press("Enter")
    expect(listed(gatherer)).to_have_text(["Figs", "Quinces", "Walnuts"])
    expect(gatherer.get_by_role("button", name="Options for Figs")).to_be_focused()


def test_on_a_phone_the_menu_of_a_row_is_a_tap(site: Site, sign_in: OpenPage) -> None:
    page = sign_in(**PHONE)
    give_conversations(site, page)
    page.get_by_role("button", name="Open sidebar").tap()
    page.get_by_role("button", name="Options for Figs").tap()
    page.get_by_role("button", name="Archive", exact=True).tap()
    expect(listed(page)).to_have_text(["Quinces", "Walnuts"])
