"""Files: attached in each way, and sent with a message."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.attaching import (
    attach,
    chips,
    choose,
    picture,
    press_send,
    sent,
    text_file,
    transfer,
    unknown,
)
from tests.e2e.conftest import in_both_windows
from tests.e2e.site import Site
from tests.e2e.steps import box, send, shows


@in_both_windows
def test_files_are_chosen_and_go_with_the_message(alice: Page) -> None:
    attach(alice, picture("cat.png"), text_file("notes.txt"))
    expect(chips(alice).first).to_contain_text("cat.png")
    send(alice, "What is this?")
    expect(chips(alice)).to_have_count(0)
    expect(sent(alice).get_by_role("img", name="cat.png")).to_be_visible()
    expect(sent(alice).get_by_role("link", name=re.compile("notes.txt"))).to_be_visible()
    expect(sent(alice)).to_contain_text("What is this?")


def test_the_button_opens_the_systems_picker(alice: Page) -> None:
    alice.wait_for_load_state()
    with alice.expect_file_chooser() as chooser:
        alice.get_by_role("button", name="Attach files").click()
    assert chooser.value.is_multiple()
    chooser.value.set_files([text_file()])
    expect(chips(alice, "ready")).to_have_count(1)
    expect(box(alice)).to_be_focused()


def test_a_phones_picker_offers_the_camera_and_everything_else(alice: Page) -> None:
    field = alice.locator("#composer input[type=file]")
    accepted = (field.get_attribute("accept") or "").split(",")
    assert accepted[0] == "image/*"
    assert accepted[-1] == "*/*"
    assert field.get_attribute("capture") is None


@in_both_windows
def test_files_are_dropped_anywhere_on_the_page(alice: Page) -> None:
    alice.wait_for_load_state()
    transfer(alice, "drag", text_file())
    expect(alice.get_by_text("Drop files to attach them")).to_be_visible()
    transfer(alice, "drop", picture("a.png"), picture("b.png"))
    expect(alice.get_by_text("Drop files to attach them")).to_be_hidden()
    expect(chips(alice, "ready")).to_have_count(2)


@in_both_windows
def test_a_screenshot_is_pasted(alice: Page) -> None:
    alice.wait_for_load_state()
    transfer(alice, "paste", picture("image.png"))
    expect(chips(alice, "ready")).to_contain_text("Pasted image")
    expect(chips(alice).locator("canvas")).to_be_visible()


@in_both_windows
def test_a_long_text_that_is_pasted_can_become_a_file(alice: Page) -> None:
    alice.wait_for_load_state()
    text = "word " * 1200
    box(alice).fill(f"Look: {text}")
    transfer(alice, "paste", text=text)
    alice.get_by_role("button", name="Attach as a file").click()
    expect(chips(alice, "ready")).to_contain_text("Pasted text.txt")
    expect(box(alice)).to_have_value("Look: ")


def test_a_long_text_that_is_pasted_plain_stays_plain(alice: Page) -> None:
    alice.wait_for_load_state()
    text = "word " * 1200
    box(alice).fill(text)
    box(alice).dispatch_event("keydown", {"key": "V", "ctrlKey": True, "shiftKey": True})
    transfer(alice, "paste", text=text)
    alice.evaluate("new Promise((resolve) => setTimeout(resolve))")
    expect(alice.get_by_role("button", name="Attach as a file")).to_be_hidden()


def test_text_from_office_is_no_picture(alice: Page) -> None:
    alice.wait_for_load_state()
    box(alice).evaluate(
        """(box) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(9)], "image.png", {type: "image/png"}));
          data.setData("text/plain", "A cell");
          data.setData("text/html", "<td>A cell</td>");
          box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }"""
    )
    expect(chips(alice)).to_have_count(0)


def test_a_file_is_taken_away_again_and_the_keyboard_goes_on(alice: Page) -> None:
    attach(alice, text_file("one.txt"), text_file("two.txt"))
    alice.get_by_role("button", name="Remove one.txt").click()
    expect(chips(alice)).to_have_count(1)
    expect(alice.get_by_role("button", name="Remove two.txt")).to_be_focused()
    with alice.expect_response("**/remove/") as response:
        alice.keyboard.press("Enter")
    assert response.value.status == 204
    expect(box(alice)).to_be_focused()
    alice.reload()
    expect(chips(alice)).to_have_count(0)


def test_screen_readers_hear_what_became_of_a_file(alice: Page) -> None:
    attach(alice, text_file("one.txt"))
    expect(alice.locator("#announcer")).to_have_text("one.txt is attached.")
    choose(alice, unknown("data.bin"))
    expect(alice.locator("#announcer")).to_contain_text("data.bin couldn’t be attached: ")


def test_no_more_files_are_taken_than_go_with_a_message(alice: Page) -> None:
    alice.wait_for_load_state()
    choose(alice, *[text_file(f"{number}.txt") for number in range(11)])
    expect(chips(alice)).to_have_count(10)
    expect(alice.locator("#composer-error")).to_contain_text("A message takes 10 files.")


@in_both_windows
def test_files_alone_are_a_message(alice: Page) -> None:
    attach(alice, picture("cat.png"))
    press_send(alice)
    expect(sent(alice).get_by_role("img", name="cat.png")).to_be_visible()
    shows(alice, "complete")
    attach(alice, text_file())
    box(alice).press("Control+Enter")
    expect(sent(alice)).to_contain_text("notes.txt")
    expect(chips(alice)).to_have_count(0)


def test_without_scripts_files_go_with_the_form(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(base_url=site.url, java_script_enabled=False)
    key = site.make_session("bob")
    context.add_cookies([{"name": "sessionid", "value": key, "url": site.url}])
    page = context.new_page()
    page.goto("/")
    page.locator("input[type=file]").set_input_files([picture("cat.png"), text_file()])
    expect(page.locator("input[type=file]")).to_be_visible()
    expect(page.locator("[data-attach]")).to_be_hidden()
    page.get_by_role("textbox", name="Message").fill("Both of these")
    press_send(page)
    page.wait_for_url("**/c/**")
    expect(sent(page).get_by_role("img", name="cat.png")).to_be_visible()
    expect(sent(page)).to_contain_text("notes.txt")
