"""Files on their way to the server: refused, waited for, taken up again, and kept."""

import re

from playwright.sync_api import FilePayload, Page, Route, expect

from tests.e2e.attaching import (
    CONTENT,
    attach,
    chips,
    choose,
    choose_and_hold,
    picture,
    press_send,
    sent,
    text_file,
    unknown,
)
from tests.e2e.conftest import in_both_windows
from tests.e2e.held import Hold
from tests.e2e.steps import box, send


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


def test_send_waits_for_what_is_on_its_way(alice: Page, hold: Hold) -> None:
    held = choose_and_hold(alice, text_file(), hold)
    box(alice).fill("With a file")
    box(alice).press("Enter")
    expect(alice.get_by_role("button", name="Send message")).to_have_attribute("aria-busy", "true")
    expect(alice.locator("article")).to_have_count(0)
    expect(chips(alice).get_by_role("progressbar")).to_be_visible()
    held.let_go()
    expect(sent(alice)).to_contain_text("notes.txt")
    expect(sent(alice)).to_contain_text("With a file")


def test_a_message_that_waited_stays_when_its_file_fails(alice: Page, hold: Hold) -> None:
    held = choose_and_hold(alice, unknown(), hold)
    box(alice).fill("With a file")
    box(alice).press("Enter")
    held.let_go()
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


def test_a_reload_keeps_what_was_attached(alice: Page, hold: Hold) -> None:
    attach(alice, picture("cat.png"))
    choose_and_hold(alice, text_file(), hold)
    expect(chips(alice)).to_have_count(2)
    alice.reload()
    expect(chips(alice)).to_have_count(1)
    expect(chips(alice).locator("img")).to_be_visible()
    press_send(alice)
    expect(sent(alice).get_by_role("img", name="cat.png")).to_be_visible()


def test_what_is_attached_while_a_first_message_is_on_its_way_stays(
    alice: Page, hold: Hold
) -> None:
    held = hold(alice, re.compile(r":\d+/$"))
    box(alice).fill("Hello")
    press_send(alice)
    attach(alice, text_file("later.txt"))
    held.let_go()
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
