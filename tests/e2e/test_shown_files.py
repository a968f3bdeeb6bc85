"""Files that were sent, as their message shows them: pictures, previews, cards."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.attachments.pdf_files import pdf, text_page
from tests.e2e.attaching import attach, chips, choose, picture, press_send, sent, text_file, unknown
from tests.e2e.conftest import in_both_windows
from tests.e2e.steps import send, shows
from tests.e2e.test_accessibility import violations


@in_both_windows
def test_pictures_open_over_the_page(alice: Page) -> None:
    attach(alice, picture("one.png", 900, 600), picture("two.png", 600, 900))
    send(alice, "Two")
    first = sent(alice).get_by_role("link", name="one.png")
    first.click()
    viewer = alice.get_by_role("dialog")
    expect(viewer.get_by_role("img", name="one.png")).to_be_visible()
    expect(viewer).to_contain_text("Picture 1 of 2")
    alice.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("img", name="two.png")).to_be_visible()
    before = viewer.get_by_role("img").bounding_box()
    alice.keyboard.press("+")
    after = viewer.get_by_role("img").bounding_box()
    assert before
    assert after
    assert after["width"] == pytest.approx(1.5 * before["width"], abs=2)
    alice.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(first).to_be_focused()


def test_a_text_is_previewed_and_not_run(alice: Page) -> None:
    attach(alice, text_file("page.html.txt", "<b onclick='x'>Not bold</b>"))
    send(alice, "A page")
    sent(alice).get_by_role("link", name=re.compile("page.html")).click()
    expect(alice.get_by_role("dialog").locator("pre")).to_have_text("<b onclick='x'>Not bold</b>")


def test_a_pdf_is_leafed_through_by_its_pages(alice: Page) -> None:
    content = pdf([text_page("One"), text_page("Two")])
    attach(alice, {"name": "report.pdf", "mimeType": "application/pdf", "buffer": content})
    send(alice, "A report")
    card = sent(alice).get_by_role("link", name=re.compile("report.pdf"))
    expect(card).to_contain_text("2 pages")
    card.click()
    viewer = alice.get_by_role("dialog")
    expect(viewer.get_by_role("img", name="report.pdf, Page 1 of 2")).to_be_visible()
    viewer.get_by_role("button", name="Next").click()
    expect(viewer.get_by_role("img", name="report.pdf, Page 2 of 2")).to_be_visible()
    expect(viewer.get_by_role("button", name="Next")).to_be_disabled()


def test_an_edited_message_keeps_its_files(alice: Page) -> None:
    attach(alice, picture("cat.png"))
    send(alice, "What is tihs?")
    shows(alice, "complete")
    sent(alice).hover()
    sent(alice).get_by_role("button", name="Edit message").click()
    form = alice.locator(".edit-form")
    expect(form).to_contain_text("cat.png")
    form.get_by_role("textbox", name="Edit message").fill("What is this?")
    form.get_by_role("button", name="Send edited message").click()
    expect(sent(alice)).to_contain_text("What is this?")
    expect(sent(alice).get_by_role("img", name="cat.png")).to_be_visible()


def test_files_and_the_viewer_are_accessible(alice: Page) -> None:
    attach(alice, picture("cat.png"), text_file())
    choose(alice, unknown())
    expect(chips(alice, "failed")).to_have_count(1)
    assert violations(alice) == []
    press_send(alice)
    shows(alice, "complete")
    assert violations(alice) == []
    sent(alice).get_by_role("link", name="cat.png").click()
    expect(alice.get_by_role("dialog").get_by_role("img")).to_be_visible()
    assert violations(alice) == []
