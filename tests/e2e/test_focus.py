"""Where the keyboard goes on, and what the clipboard takes along."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.offline_model import Fault, OfflineModel
from tests.e2e.site import Site
from tests.e2e.steps import body, reply, send, shows

CODE = "Look:\n\n```python\nprint('hi')\n```\n\nDone, see [the site](https://example.org/)."


def test_after_try_again_the_focus_goes_to_the_new_reply(alice: Page, model: OfflineModel) -> None:
    model.script(Fault(status=500), Fault(text="Better now."))
    send(alice, "Hello")
    shows(alice, "failed")
    alice.get_by_role("button", name="Try again").focus()
    alice.keyboard.press("Enter")
    shows(alice, "complete")
    expect(reply(alice)).to_be_focused()
    alice.keyboard.press("Tab")
    expect(reply(alice).get_by_role("button", name="Previous version")).to_be_focused()


def test_a_failed_sign_in_asks_for_the_password_again(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(base_url=site.url).new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Username or email").fill("alice")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").first).to_contain_text("don’t belong together")
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    expect(page.get_by_label("Username or email")).to_have_value("alice")


@pytest.fixture
def clipboard(sign_in: Callable[..., Page], model: OfflineModel) -> Page:
    page = sign_in(permissions=["clipboard-read", "clipboard-write"])
    model.script(Fault(text=CODE))
    send(page, "Hello")
    shows(page, "complete")
    return page


def test_a_copied_reply_has_no_words_of_the_page(clipboard: Page) -> None:
    body(clipboard).evaluate("body => getSelection().selectAllChildren(body)")
    clipboard.keyboard.press("Control+C")
    copied = clipboard.evaluate("navigator.clipboard.readText()")
    assert copied.split() == ["Look:", "print('hi')", "Done,", "see", "the", "site."]


def test_a_copied_conversation_has_no_words_of_the_page(clipboard: Page) -> None:
    clipboard.evaluate("getSelection().selectAllChildren(document.getElementById('messages'))")
    clipboard.keyboard.press("Control+C")
    copied = clipboard.evaluate("navigator.clipboard.readText()")
    assert copied.split() == ["Hello", "Look:", "print('hi')", "Done,", "see", "the", "site."]


def test_a_link_of_a_reply_opens_a_tab_that_knows_nothing_of_this_one(clipboard: Page) -> None:
    clipboard.context.route("https://example.org/", lambda route: route.fulfill(body="There"))
    with clipboard.expect_popup() as opened:
        body(clipboard).get_by_role("link", name="the site").click()
    assert opened.value.url == "https://example.org/"
    assert opened.value.evaluate("[window.opener, document.referrer]") == [None, ""]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_show_which_conversation_is_open(alice: Page, scheme: str) -> None:
    alice.emulate_media(forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
    for text in ("One", "Two"):
        alice.goto("/")
        send(alice, text)
        shows(alice, "complete")
    alice.reload()
    rows = alice.get_by_role("navigation", name="Conversations").get_by_role("link")
    background = "row => getComputedStyle(row).backgroundColor"
    assert rows.nth(0).evaluate(background) != rows.nth(1).evaluate(background)
