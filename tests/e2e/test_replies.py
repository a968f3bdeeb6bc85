"""A reply arrives, in every window that looks, whatever happens to the line and the tab."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.steps import body, delete_conversation, name_of, reply, send, shows, words

TEXT = words(60)


@pytest.fixture
def gate(model: OfflineModel) -> Iterator[Gate]:
    """Holds the next reply, which is TEXT, until it is opened."""
    gate = Gate()
    model.script(Fault(text=TEXT, gate=gate))
    yield gate
    gate.open()


def test_a_reply_grows_and_is_the_same_after_a_reload(alice: Page, gate: Gate) -> None:
    send(alice, "Hello")
    gate.release(10)
    expect(body(alice)).to_contain_text("word3")
    shows(alice, "streaming")
    gate.open()
    shows(alice, "complete")
    written = body(alice).inner_html()
    alice.reload()
    assert body(alice).inner_html() == written


def test_markdown_is_the_same_streamed_and_reloaded(alice: Page) -> None:
    send(alice, "/fault rate=400\nShow me code, a table, a list and math")
    shows(alice, "complete")
    written = body(alice).inner_html()
    alice.reload()
    assert body(alice).inner_html() == written


def test_a_reload_in_mid_reply_loses_nothing(alice: Page, gate: Gate) -> None:
    send(alice, "Hello")
    gate.release(20)
    expect(body(alice)).to_contain_text("word5")
    alice.reload()
    expect(body(alice)).to_contain_text("word5")
    gate.open()
    shows(alice, "complete")
    expect(body(alice)).to_have_text(TEXT)


def test_a_closed_tab_finds_the_whole_reply(alice: Page, gate: Gate) -> None:
    send(alice, "Hello")
    gate.release(20)
    expect(body(alice)).to_contain_text("word5")
    url, context = alice.url, alice.context
    alice.close()
    gate.open()
    page = context.new_page()
    page.goto(url)
    shows(page, "complete")
    expect(body(page)).to_have_text(TEXT)


def test_tabs_and_a_phone_show_one_reply_growing(
    alice: Page, sign_in: Callable[..., Page], gate: Gate
) -> None:
    send(alice, "Hello")
    phone = sign_in(name_of(alice), viewport={"width": 390, "height": 844})
    tab = alice.context.new_page()
    windows = [alice, phone, tab]
    for page in (phone, tab):
        page.goto(alice.url)
    gate.release(30)
    for page in windows:
        expect(body(page)).to_contain_text("word8")
    gate.open()
    for page in windows:
        shows(page, "complete")
        expect(body(page)).to_have_text(TEXT)


def test_a_dropped_line_catches_up(alice: Page, gate: Gate) -> None:
    send(alice, "Hello")
    gate.release(20)
    expect(body(alice)).to_contain_text("word5")
    alice.context.set_offline(True)
    gate.open()
    alice.context.set_offline(False)
    shows(alice, "complete")
    expect(body(alice)).to_have_text(TEXT)


def test_ten_tabs_of_one_browser_work(alice: Page, model: OfflineModel) -> None:
    """Chromium gives them six connections; each must open, and each must show its end."""
    gate = Gate()
    model.script(*[Fault(text=TEXT, gate=gate)] * 3)
    tabs = [alice, *(alice.context.new_page() for _ in range(9))]
    for page in tabs[:3]:
        page.goto("/")
        send(page, "Hello")
    for index, page in enumerate(tabs[3:]):
        page.goto(tabs[index % 3].url)
        expect(reply(page)).to_be_attached()
    gate.release(20)
    tabs[9].get_by_role("button", name="Stop generating").click()
    shows(tabs[9], "stopped")
    gate.open()
    for page in tabs:
        if page.url == tabs[9].url:
            shows(page, "stopped")
        else:
            shows(page, "complete")
            expect(body(page)).to_have_text(TEXT)


def test_a_stream_ends_for_good_when_its_reader_signs_out(
    alice: Page, gate: Gate, new_context: Callable[..., BrowserContext]
) -> None:
    send(alice, "Hello")
    gate.release(20)
    expect(body(alice)).to_contain_text("word5")
    streams: list[str] = []
    alice.on(
        "request",
        lambda request: streams.append(request.url) if "/stream/" in request.url else None,
    )
    other = alice.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="alice").click()
    other.get_by_role("button", name="Sign out").click()
    alice.wait_for_url("**/accounts/login/**")
    assert streams == []


def test_a_stream_ends_for_good_when_its_conversation_is_deleted(alice: Page, gate: Gate) -> None:
    send(alice, "Hello")
    gate.release(20)
    expect(body(alice)).to_contain_text("word5")
    other = alice.context.new_page()
    other.goto(alice.url)
    delete_conversation(other)
    expect(alice.get_by_role("heading", level=1)).to_contain_text("not", ignore_case=True)


def test_a_tab_that_was_open_before_shows_what_another_sent(alice: Page, gate: Gate) -> None:
    gate.open()
    send(alice, "First")
    shows(alice, "complete")
    other = alice.context.new_page()
    other.goto(alice.url)
    send(alice, "Second")
    shows(alice, "complete")
    send(other, "Third")
    shows(other, "complete")
    expect(other.locator("article[data-role=user] .message-body")).to_have_text(
        ["First", "Second", "Third"]
    )


def test_a_tab_that_comes_into_view_catches_up(alice: Page, gate: Gate) -> None:
    gate.open()
    send(alice, "First")
    shows(alice, "complete")
    other = alice.context.new_page()
    other.goto(alice.url)
    send(alice, "Second")
    shows(alice, "complete")
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(other.get_by_role("article")).to_have_count(4)


def test_details_that_the_reader_opened_stay_open(alice: Page, model: OfflineModel) -> None:
    gate = Gate()
    parts = "<details>\n<summary>More</summary>\n\nFirst words here.\n\n", "- item\n" * 20
    model.script(Fault(text=f"{parts[0]}{parts[1]}\n</details>\n\nAfter it.", gate=gate))
    send(alice, "Hello")
    gate.release(18)
    summary = body(alice).get_by_text("More")
    summary.click()
    gate.release(20)
    expect(body(alice).get_by_text("item").first).to_be_visible()
    gate.open()
    shows(alice, "complete")
    expect(body(alice).get_by_text("After it.")).to_be_visible()
    expect(body(alice).get_by_text("First words here.")).to_be_visible()
    summary.click()
    expect(body(alice).get_by_text("First words here.")).to_be_hidden()
