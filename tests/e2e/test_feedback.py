"""Feedback on a reply, as its user gives it: a click, and why where they like to say."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from conversations.offline_model import OfflineModel
from tests.e2e.site import PASSWORD, Site
from tests.e2e.steps import delete_conversation, name_of, reply, send, shows


@pytest.fixture
def answered(alice: Page, model: OfflineModel) -> Page:
    """alice before a reply that has just been written: its buttons came by the stream."""
    send(alice, "Hello")
    shows(alice, "complete")
    return alice


def button(page: Page, name: str) -> Locator:
    return reply(page).get_by_role("button", name=name)


def is_pressed(page: Page, name: str, pressed: bool = True) -> None:
    expect(button(page, name)).to_have_attribute("aria-pressed", "true" if pressed else "false")


def comment(page: Page) -> Locator:
    return reply(page).get_by_role("textbox", name="Comment (optional)")


def test_a_click_gives_it_and_a_reload_shows_it(answered: Page) -> None:
    button(answered, "Bad reply").click()
    is_pressed(answered, "Bad reply")
    answered.reload()
    is_pressed(answered, "Bad reply")
    is_pressed(answered, "Good reply", False)


def test_it_can_be_changed_and_taken_back(answered: Page) -> None:
    button(answered, "Bad reply").click()
    is_pressed(answered, "Bad reply")
    button(answered, "Good reply").click()
    is_pressed(answered, "Good reply")
    is_pressed(answered, "Bad reply", False)
    button(answered, "Good reply").click()
    is_pressed(answered, "Good reply", False)
    answered.reload()
    is_pressed(answered, "Good reply", False)


def test_a_reason_and_a_comment_are_kept(answered: Page) -> None:
    button(answered, "Bad reply").click()
    reply(answered).get_by_text("Incomplete").click()
    comment(answered).fill("Where is the rest?")
    button(answered, "Save").click()
    expect(comment(answered)).to_be_hidden()
    answered.reload()
    reply(answered).get_by_text("Change what you said").click()
    expect(comment(answered)).to_have_value("Where is the rest?")
    expect(reply(answered).get_by_role("radio", name="Incomplete")).to_be_checked()


def test_what_is_typed_stays_when_the_rating_changes(answered: Page) -> None:
    button(answered, "Bad reply").click()
    comment(answered).fill("On second thoughts")
    button(answered, "Good reply").click()
    is_pressed(answered, "Good reply")
    expect(comment(answered)).to_have_value("On second thoughts")


def test_what_is_typed_stays_when_it_is_refused(answered: Page) -> None:
    button(answered, "Bad reply").click()
    comment(answered).evaluate("box => box.removeAttribute('maxlength')")
    comment(answered).fill("x" * 2001)
    button(answered, "Save").click()
    expect(reply(answered).get_by_role("alert")).to_contain_text("at most 2,000 characters")
    expect(comment(answered)).to_have_value("x" * 2001)


def test_the_keyboard_is_enough_and_keeps_its_place(answered: Page) -> None:
    button(answered, "Bad reply").press("Enter")
    is_pressed(answered, "Bad reply")
    expect(button(answered, "Bad reply")).to_be_focused()
    expect(answered.locator("#announcer")).to_have_text(re.compile("saved. You can say why"))
    for key in ["Tab", "Tab", "ArrowDown", "Tab"]:
        answered.keyboard.press(key)
    answered.keyboard.type("No.")
    answered.keyboard.press("Tab")
    answered.keyboard.press("Enter")
    expect(reply(answered).get_by_text("Change what you said")).to_be_focused()
    expect(answered.locator("#announcer")).to_have_text("Your feedback is saved.")


def test_another_tab_has_the_last_word(answered: Page) -> None:
    other = answered.context.new_page()
    other.goto(answered.url)
    button(answered, "Bad reply").click()
    is_pressed(answered, "Bad reply")
    button(other, "Bad reply").click()
    is_pressed(other, "Bad reply")
    button(other, "Good reply").click()
    is_pressed(other, "Good reply")
    answered.reload()
    is_pressed(answered, "Good reply")


def test_nothing_is_lost_when_the_message_is_gone(answered: Page) -> None:
    other = answered.context.new_page()
    other.goto(answered.url)
    delete_conversation(other)
    button(answered, "Bad reply").click()
    expect(answered.locator("#toasts")).to_contain_text("no longer here")


def test_scripts_are_not_needed(
    answered: Page, site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(base_url=site.url, java_script_enabled=False).new_page()
    page.goto(f"/accounts/login/?next={answered.url.removeprefix(site.url)}")
    page.get_by_label("Username or email").fill(name_of(answered))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    button(page, "Bad reply").click()
    is_pressed(page, "Bad reply")
    comment(page).fill("Where is the rest?")
    button(page, "Save").click()
    reply(page).get_by_text("Change what you said").click()
    expect(comment(page)).to_have_value("Where is the rest?")
    button(page, "Bad reply").click()
    is_pressed(page, "Bad reply", False)


def test_a_finger_finds_the_buttons(sign_in: Callable[..., Page], model: OfflineModel) -> None:
    page = sign_in(has_touch=True, is_mobile=True, viewport={"width": 320, "height": 640})
    # Where there is no keyboard, Enter begins a new line.
    page.get_by_role("textbox", name="Message").fill("Hello")
    page.get_by_role("button", name="Send message").tap()
    shows(page, "complete")
    button(page, "Bad reply").tap()
    is_pressed(page, "Bad reply")
    for each in [button(page, "Good reply"), reply(page).get_by_text("Incomplete")]:
        box = each.bounding_box()
        assert box
        assert box["height"] >= 40
    assert page.evaluate("document.documentElement.scrollWidth") == 320
