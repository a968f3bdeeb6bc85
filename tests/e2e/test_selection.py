"""Several conversations of the sidebar at once, by mouse, keyboard and touch."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.site import Site
from tests.e2e.steps import sticks_out
from tests.e2e.test_options import PHONE, choose, gatherer, give_conversations, listed

__all__ = ["gatherer"]


def selected(page: Page, count: int) -> None:
    """The bar says so, and as many boxes are checked, whose names are the titles."""
    expect(page.get_by_role("form", name="Selected conversations")).to_contain_text(
        f"{count} selected"
    )
    expect(page.get_by_role("navigation").get_by_role("checkbox", checked=True)).to_have_count(
        count
    )


def test_a_range_is_deleted_and_one_click_undoes_it(gatherer: Page) -> None:
    listed(gatherer).filter(has_text="Figs").click()
    expect(gatherer.get_by_role("heading", level=1)).to_have_text("Figs")
    choose(gatherer, "Quinces", "Select…")
    selected(gatherer, 1)
    gatherer.get_by_role("link", name="Walnuts").click(modifiers=["Shift"])
    selected(gatherer, 3)
    gatherer.get_by_role("checkbox", name="Quinces").uncheck()
    selected(gatherer, 2)
    gatherer.get_by_role("button", name="Delete", exact=True).click()
    gatherer.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(listed(gatherer)).to_have_text(["Quinces"])
    expect(gatherer.get_by_role("heading", level=1)).to_have_text(
        "What would you like to talk about?"
    )
    gatherer.get_by_role("button", name="Undo").click()
    expect(listed(gatherer)).to_have_text(["Quinces", "Figs", "Walnuts"])
    expect(gatherer.get_by_role("checkbox")).to_have_count(0)


def test_several_are_selected_by_keyboard_and_kept_while_the_list_changes(gatherer: Page) -> None:
    gatherer.get_by_role("button", name="Options for Quinces").focus()
    gatherer.keyboard.press("Enter")
    gatherer.get_by_role("button", name="Select…").press("Enter")
    expect(gatherer.get_by_role("checkbox", name="Quinces")).to_be_focused()
    gatherer.keyboard.press("ArrowDown")
    gatherer.keyboard.press("Space")
    selected(gatherer, 2)
    with gatherer.expect_response(lambda response: response.url.endswith("/conversations/")):
        gatherer.evaluate("htmx.trigger(document.body, 'conversations:changed')")
    selected(gatherer, 2)
    gatherer.keyboard.press("Escape")
    expect(gatherer.get_by_role("checkbox")).to_have_count(0)
    expect(gatherer.get_by_role("link", name="Figs")).to_be_focused()


def test_on_a_phone_all_are_moved_to_a_new_folder(site: Site, sign_in: OpenPage) -> None:
    site.make_user("dorothee")
    page = sign_in("dorothee", **PHONE)
    give_conversations(site, page)
    page.get_by_role("button", name="Open sidebar").tap()
    page.get_by_role("button", name="Options for Figs").tap()
    page.get_by_role("button", name="Select…").tap()
    page.get_by_role("button", name="All", exact=True).tap()
    selected(page, 3)
    page.get_by_role("button", name="Move", exact=True).tap()
    page.get_by_role("textbox", name="Name of the new folder").fill("Sweet")
    page.get_by_role("dialog").get_by_role("button", name="Move").tap()
    expect(page.get_by_text("3 conversations were moved.")).to_be_visible()
    # A dialog closes the sheet.
    page.get_by_role("button", name="Open sidebar").tap()
    expect(listed(page)).to_have_text(["Sweet"])
    assert sticks_out(page) == []


def test_on_a_phone_archiving_is_undone_over_the_sheet(site: Site, sign_in: OpenPage) -> None:
    site.make_user("theodora")
    page = sign_in("theodora", **PHONE)
    give_conversations(site, page)
    page.get_by_role("button", name="Open sidebar").tap()
    page.get_by_role("button", name="Options for Figs").tap()
    page.get_by_role("button", name="Select…").tap()
    page.get_by_role("button", name="Archive", exact=True).tap()
    expect(listed(page)).to_have_text(["Quinces", "Walnuts"])
    page.get_by_role("button", name="Undo").tap()
    page.get_by_role("button", name="Open sidebar").tap()
    expect(listed(page)).to_have_text(["Quinces", "Figs", "Walnuts"])
