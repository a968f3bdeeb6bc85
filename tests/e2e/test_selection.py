"""Several conversations of the sidebar at once, by mouse, keyboard and touch."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.site import Site
from tests.e2e.steps import sticks_out
from tests.e2e.test_options import PHONE, choose, gatherer, give_conversations, listed

__all__ = ["gatherer"]


def selected(page: Page, count: int) -> None:
    """The bar says so, and as many boxes are checked, whose names are the titles."""
    expect(page.get_by_role("group", name="Selected conversations")).to_contain_text(
        f"{count} selected"
    )
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(count)


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


def test_where_its_script_cannot_be_fetched_that_is_said_and_the_next_click_asks_again(
    gatherer: Page,
) -> None:
    script = "**/selection.*js"
    gatherer.route(script, lambda route: route.abort())
    button = gatherer.get_by_role("button", name="Select conversations")
    button.click()
    expect(gatherer.locator("#toasts")).to_contain_text("Couldn’t reach the server")
    gatherer.unroute(script)
    button.click()
    expect(gatherer.get_by_role("checkbox")).to_have_count(3)


def test_on_a_phone_all_are_moved_to_a_new_folder(site: Site, sign_in: OpenPage) -> None:
    page = sign_in(**PHONE)
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


def test_selecting_begins_and_ends_at_the_head_of_the_list(gatherer: Page) -> None:
    button = gatherer.get_by_role("button", name="Select conversations")
    button.press("Enter")
    selected(gatherer, 0)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(gatherer.get_by_role("checkbox", name="Quinces")).to_be_focused()
    gatherer.keyboard.press("Space")
    selected(gatherer, 1)
    button.click()
    expect(gatherer.get_by_role("checkbox")).to_have_count(0)
    expect(gatherer.get_by_role("link", name="Quinces")).not_to_have_attribute("tabindex", "-1")


def test_escape_in_the_search_field_leaves_what_is_selected(gatherer: Page) -> None:
    choose(gatherer, "Figs", "Select…")
    gatherer.keyboard.press("Control+k")
    gatherer.keyboard.press("Escape")
    selected(gatherer, 1)


def put_all(page: Page, entry: str) -> None:
    """All three of the sidebar go to the archive, or to a new folder “Sweet”."""
    page.get_by_role("button", name="Select conversations").click()
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("button", name=entry, exact=True).click()
    if entry == "Move":
        page.get_by_role("textbox", name="Name of the new folder").fill("Sweet")
        page.get_by_role("dialog").get_by_role("button", name="Move").click()
    expect(page.get_by_text("3 conversations were")).to_be_visible()


def test_a_range_of_a_folder_is_archived_and_one_click_undoes_it(gatherer: Page) -> None:
    put_all(gatherer, "Move")
    gatherer.get_by_role("button", name="Dismiss").click()
    listed(gatherer).filter(has_text="Sweet").click()
    main = gatherer.get_by_role("main")
    main.get_by_role("button", name="Select conversations").press("Enter")
    expect(main.get_by_role("checkbox", name="Quinces")).to_be_focused()
    gatherer.keyboard.press("Space")
    gatherer.keyboard.press("ArrowDown")
    expect(main.get_by_role("checkbox", name="Figs")).to_be_focused()
    main.get_by_role("link", name="Walnuts").click(modifiers=["Shift"])
    selected(gatherer, 3)
    main.get_by_role("checkbox", name="Figs").uncheck()
    main.get_by_role("button", name="Archive", exact=True).click()
    expect(main.get_by_role("listitem")).to_have_text([re.compile("Figs")])
    expect(main.get_by_role("checkbox")).to_have_count(0)
    gatherer.get_by_role("button", name="Undo").click()
    expect(main.get_by_role("listitem")).to_have_count(3)


def test_on_a_phone_several_are_unarchived_and_the_last_is_deleted(
    site: Site, sign_in: OpenPage
) -> None:
    site.make_user("dorkas")
    page = sign_in("dorkas", **PHONE)
    give_conversations(site, page)
    page.get_by_role("button", name="Open sidebar").tap()
    put_all(page, "Archive")
    page.goto("/archive/")
    main = page.get_by_role("main")
    main.get_by_role("button", name="Select conversations").tap()
    main.get_by_role("link", name="Quinces").tap()
    main.get_by_role("link", name="Walnuts").tap()
    selected(page, 2)
    assert sticks_out(page) == []
    main.get_by_role("button", name="Unarchive", exact=True).tap()
    expect(page.get_by_text("2 conversations were unarchived.")).to_be_visible()
    page.get_by_role("button", name="Dismiss").tap()
    expect(main.get_by_role("listitem")).to_have_text([re.compile("Figs")])
    main.get_by_role("button", name="Select conversations").tap()
    main.get_by_role("checkbox", name="Figs").tap()
    main.get_by_role("button", name="Delete", exact=True).tap()
    page.get_by_role("dialog").get_by_role("button", name="Delete").tap()
    expect(main.get_by_text("What you archive will be listed here")).to_be_visible()
    expect(main.get_by_role("button", name="Select conversations")).to_be_hidden()
