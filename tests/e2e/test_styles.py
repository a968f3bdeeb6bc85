"""Styles of what not every page has: it isn't seen before they are there."""

import re

from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, OfflineModel
from tests.e2e.attaching import chips, choose, text_file
from tests.e2e.held import Hold
from tests.e2e.steps import body, send, shows


def sheet(name: str) -> re.Pattern[str]:
    return re.compile(rf"/css/{name}\.\w+\.css")


def test_code_is_streamed_with_its_styles(alice: Page, model: OfflineModel, hold: Hold) -> None:
    styles = hold(alice, sheet("code"))
    model.script(Fault(text="Look:\n\n```python\nprint('hi')\n```\n\nDone."))
    with alice.expect_request(sheet("code")):
        send(alice, "Hello")
    expect(body(alice).locator(".code")).to_have_count(0)
    styles.let_go()
    shows(alice, "complete")
    expect(body(alice).locator(".code-bar")).to_have_css("display", "flex")


def test_a_formula_of_a_conversation_that_is_opened_has_its_styles(
    alice: Page, model: OfflineModel, hold: Hold
) -> None:
    model.script(Fault(text="$$x^2$$"))
    send(alice, "Square it")
    shows(alice, "complete")
    address = alice.url
    alice.goto("/")
    styles = hold(alice, sheet("math"))
    listed = alice.get_by_role("navigation", name="Conversations")
    with alice.expect_request(sheet("math")):
        listed.locator(f"[href='{address.removeprefix(alice.url.rstrip('/'))}']").click()
    expect(alice.locator("math")).to_have_count(0)
    styles.let_go()
    expect(alice.locator("math")).to_have_css("font-family", re.compile("Chat Math"))


def test_the_form_in_which_a_message_is_edited_comes_with_its_styles(
    alice: Page, hold: Hold
) -> None:
    send(alice, "Hello")
    shows(alice, "complete")
    styles = hold(alice, sheet("edit-form"))
    with alice.expect_request(sheet("edit-form")):
        alice.get_by_role("button", name="Edit message").click()
    typed = alice.get_by_role("textbox", name="Edit message")
    expect(typed).to_have_count(0)
    styles.let_go()
    expect(typed).to_have_css("resize", "none")


def test_a_file_is_unseen_in_the_box_until_it_has_its_styles(alice: Page, hold: Hold) -> None:
    styles = hold(alice, sheet("attachments"))
    with alice.expect_request(sheet("attachments")):
        choose(alice, text_file())
    chip = alice.locator(".file-chip")
    expect(chip).to_have_count(1)
    expect(chip).to_be_hidden()
    styles.let_go()
    expect(chips(alice, "ready")).to_have_css("display", "grid")
