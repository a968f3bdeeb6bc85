"""Folders: made, filled, opened and deleted, by mouse, keyboard and touch."""

from playwright.sync_api import Page, expect

from conversations.offline_model import OfflineModel
from tests.e2e.conftest import OpenPage
from tests.e2e.site import Site
from tests.e2e.steps import box, send, shows, sticks_out
from tests.e2e.test_options import PHONE, choose, gatherer, give_conversations, listed

__all__ = ["gatherer"]


def make_folder(page: Page, name: str, color: str = "Teal") -> None:
    page.get_by_role("button", name="New folder").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_role("radio", name=color).check()
    dialog.get_by_role("button", name="Create folder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_conversation_is_moved_to_a_folder_and_back(gatherer: Page) -> None:
    make_folder(gatherer, "Snacks")
    choose(gatherer, "Walnuts", "Move to folder…")
    gatherer.get_by_role("dialog").get_by_role("radio", name="Snacks").check()
    gatherer.get_by_role("button", name="Move", exact=True).click()
    expect(listed(gatherer)).to_have_text(["Snacks", "Quinces", "Figs"])
    main = gatherer.get_by_role("main")
    expect(main.get_by_role("link", name="Walnuts")).to_be_visible()
    gatherer.get_by_role("button", name="Undo").click()
    expect(listed(gatherer)).to_have_text(["Snacks", "Quinces", "Figs", "Walnuts"])
    expect(main.get_by_text("Nothing is in this folder yet.")).to_be_visible()


def test_a_chat_begun_in_a_folder_is_in_it(gatherer: Page, model: OfflineModel) -> None:
    make_folder(gatherer, "Snacks")
    box(gatherer).fill("half a thought")
    gatherer.reload()
    expect(box(gatherer)).to_have_value("half a thought")
    send(gatherer, "Are almonds nuts?")
    shows(gatherer, "complete")
    mark = gatherer.get_by_role("navigation").get_by_role("link", name="Snacks")
    expect(mark).to_have_attribute("aria-current", "true")
    listed(gatherer).filter(has_text="Figs").click()
    expect(gatherer.get_by_role("heading", level=1)).to_have_text("Figs")
    expect(mark).not_to_have_attribute("aria-current", "true")
    gatherer.go_back()
    gatherer.get_by_role("main").get_by_role("link", name="Snacks").click()
    expect(gatherer.get_by_role("main").get_by_role("listitem")).to_have_count(1)
    gatherer.get_by_role("button", name="Folder menu").click()
    gatherer.get_by_role("button", name="Delete", exact=True).click()
    expect(gatherer.get_by_text("The conversation in it is kept")).to_be_visible()
    gatherer.get_by_role("button", name="Delete folder").click()
    expect(gatherer.get_by_text("The conversation in it was kept.")).to_be_visible()
    expect(listed(gatherer)).to_have_count(4)


def test_on_a_phone_a_conversation_is_moved_to_a_new_folder_by_keyboard_alone(
    site: Site, sign_in: OpenPage
) -> None:
    page = sign_in(**PHONE)
    give_conversations(site, page)
    page.get_by_role("button", name="Open sidebar").tap()
    page.get_by_role("link", name="Figs").tap()
    page.get_by_role("button", name="Conversation menu").tap()
    page.get_by_role("button", name="Move to folder…").tap()
    page.get_by_role("textbox", name="Name of the new folder").fill("Sweet")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("main").get_by_role("link", name="Sweet")).to_be_visible()
    assert sticks_out(page) == []
