"""Files: attached in each way, sent with a message, and kept where something fails."""

import base64
import re
from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, Route, expect

from tests.attachments.files import pdf, text_page
from tests.e2e.conftest import in_both_windows
from tests.e2e.site import Site
from tests.e2e.steps import box, send, shows
from tests.e2e.test_accessibility import violations
from tests.pictures import make_png

# A script hands over what a system would: by a drag, or from the clipboard.
TRANSFER = """
(element, [kind, files, text]) => {
  const data = new DataTransfer();
  for (const {name, type, content} of files) {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], name, {type}));
  }
  if (text) data.setData("text/plain", text);
  const steps = {paste: ["paste"], drag: ["dragenter"], drop: ["dragenter", "dragover", "drop"]};
  for (const name of steps[kind]) {
    const event = kind === "paste"
      ? new ClipboardEvent(name, {clipboardData: data, bubbles: true, cancelable: true})
      : new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true});
    element.dispatchEvent(event);
  }
}
"""
CONTENT = "**/content/**"
NUMBERS = count()


def text_file(name: str = "notes.txt", text: str = "") -> FilePayload:
    """No two alike, as what is kept already isn't read again."""
    content = text or f"Milk, bread and {next(NUMBERS)} eggs"
    return {"name": name, "mimeType": "text/plain", "buffer": content.encode()}


def picture(
    name: str = "cat.png", width: int = 300, height: int = 200, *, level: int = 9
) -> FilePayload:
    color = (20, 90, next(NUMBERS) % 256)
    content = make_png(width, height, color, level=level)
    return {"name": name, "mimeType": "image/png", "buffer": content}


def unknown(name: str = "data.bin") -> FilePayload:
    return {"name": name, "mimeType": "", "buffer": b"\xff\x00\xfe\x81" * 100}


def transfer(page: Page, kind: str, *files: FilePayload, text: str = "") -> None:
    sent = [
        {
            "name": file["name"],
            "type": file["mimeType"],
            "content": base64.b64encode(file["buffer"]).decode(),
        }
        for file in files
    ]
    box(page).evaluate(TRANSFER, [kind, sent, text])


def chips(page: Page, state: str = "") -> Locator:
    wanted = f"[data-state={state}]" if state else ""
    return page.get_by_role("list", name="Files to send").locator(f".file-chip{wanted}")


def choose(page: Page, *files: FilePayload) -> None:
    page.wait_for_load_state()
    page.locator("#composer input[type=file]").set_input_files(list(files))


def attach(page: Page, *files: FilePayload) -> None:
    ready = chips(page, "ready").count()
    choose(page, *files)
    expect(chips(page, "ready")).to_have_count(ready + len(files))


def press_send(page: Page) -> None:
    page.get_by_role("button", name="Send message").click()


def sent(page: Page) -> Locator:
    return page.locator("article[data-role=user]").last


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


@in_both_windows
def test_a_file_that_is_refused_costs_neither_text_nor_the_others(alice: Page) -> None:
    box(alice).fill("Some words")
    attach(alice, text_file())
    choose(alice, unknown())
    expect(chips(alice, "failed")).to_contain_text("data.bin")
    expect(
        chips(alice, "failed").get_by_role("button", name=re.compile("Try again"))
    ).to_be_visible()
    expect(chips(alice, "ready")).to_have_count(1)
    expect(box(alice)).to_have_value("Some words")


def test_what_is_too_large_or_empty_is_refused_before_it_is_sent(alice: Page) -> None:
    alice.wait_for_load_state()
    alice.locator("#composer-upload").evaluate("(field) => { field.dataset.fileSize = 1000; }")
    asked: list[str] = []
    alice.on("request", lambda request: asked.append(request.url))
    empty: FilePayload = {"name": "none.txt", "mimeType": "", "buffer": b""}
    choose(alice, text_file("long.txt", "x" * 1001), empty)
    expect(chips(alice, "failed").first).to_contain_text("“long.txt” is too large: 1.0")
    expect(chips(alice, "failed").last).to_contain_text("“none.txt” is empty.")
    assert not [url for url in asked if url.endswith("/files/")]


def test_no_more_files_are_taken_than_go_with_a_message(alice: Page) -> None:
    alice.wait_for_load_state()
    choose(alice, *[text_file(f"{number}.txt") for number in range(11)])
    expect(chips(alice)).to_have_count(10)
    expect(alice.locator("#composer-error")).to_contain_text("A message takes 10 files.")


def hold(page: Page, pattern: str | re.Pattern[str]) -> list[Route]:
    """Requests that are not answered until they are let go on."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))  # noqa: PLW0108
    return held


def choose_and_hold(page: Page, file: FilePayload) -> list[Route]:
    """Returns once the file's content is on its way, where it stays."""
    held = hold(page, CONTENT)
    with page.expect_request(CONTENT):
        choose(page, file)
    return held


def test_send_waits_for_what_is_on_its_way(alice: Page) -> None:
    held = choose_and_hold(alice, text_file())
    box(alice).fill("With a file")
    box(alice).press("Enter")
    expect(alice.get_by_role("button", name="Send message")).to_have_attribute("aria-busy", "true")
    expect(alice.locator("article")).to_have_count(0)
    expect(chips(alice).get_by_role("progressbar")).to_be_visible()
    held[0].continue_()
    expect(sent(alice)).to_contain_text("notes.txt")
    expect(sent(alice)).to_contain_text("With a file")


def test_a_message_that_waited_stays_when_its_file_fails(alice: Page) -> None:
    held = choose_and_hold(alice, unknown())
    box(alice).fill("With a file")
    box(alice).press("Enter")
    held[0].continue_()
    expect(alice.locator("#composer-error")).to_contain_text("wasn’t sent")
    expect(box(alice)).to_have_value("With a file")
    expect(alice.locator("article")).to_have_count(0)


def test_a_line_that_breaks_is_taken_up_where_it_broke(alice: Page) -> None:
    pieces: list[str] = []

    def break_once(route: Route) -> None:
        pieces.append(f"{route.request.method} {route.request.url.rpartition('/')[2]}")
        if len(pieces) == 2:
            route.abort()
        else:
            route.continue_()

    alice.route(CONTENT, break_once)
    attach(alice, text_file("long.txt", "word " * 300_000))
    megabyte = 1024 * 1024
    assert pieces == [
        "POST ?offset=0",
        f"POST ?offset={megabyte}",
        "GET ",
        f"POST ?offset={megabyte}",
    ]


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


def test_a_reload_keeps_what_was_attached(alice: Page) -> None:
    attach(alice, picture("cat.png"))
    choose_and_hold(alice, text_file())
    expect(chips(alice)).to_have_count(2)
    alice.reload()
    expect(chips(alice)).to_have_count(1)
    expect(chips(alice).locator("img")).to_be_visible()
    press_send(alice)
    expect(sent(alice).get_by_role("img", name="cat.png")).to_be_visible()


def test_what_is_attached_while_a_first_message_is_on_its_way_stays(alice: Page) -> None:
    held = hold(alice, re.compile(r":\d+/$"))
    box(alice).fill("Hello")
    press_send(alice)
    attach(alice, text_file("later.txt"))
    held[0].continue_()
    expect(sent(alice)).to_contain_text("Hello")
    expect(chips(alice, "ready")).to_contain_text("later.txt")


def test_a_large_photo_is_sent_smaller(alice: Page) -> None:
    attach(alice, picture("photo.png", 2400, 300, level=0))
    send(alice, "Here")
    size = (
        sent(alice)
        .locator("img")
        .evaluate(
            """async (image) => {
          const picture = Object.assign(new Image(), {src: image.closest("a").href});
          await picture.decode();
          return [picture.naturalWidth, picture.naturalHeight];
        }"""
        )
    )
    assert size == [2048, 256]


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
