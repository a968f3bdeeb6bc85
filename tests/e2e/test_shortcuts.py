"""What can be done by keys, and the list of them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.steps import box, open_sidebar, reply, send, shows

HEADING = ".conversation-title"


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


def test_every_key_does_what_the_list_says(dora: Page, model: OfflineModel, gate: Gate) -> None:
    keys = dora.keyboard
    for text in ("First", "Second"):
        keys.press("Control+Shift+O")
        expect(dora.locator(".greeting")).to_be_visible()
        model.script(Fault(text="A reply."))
        send(dora, text)
        shows(dora, "complete")
        expect(dora.locator(HEADING)).to_have_text(text)
        expect(dora.locator("#sidebar-list .sidebar-item").first).to_have_text(text)

    keys.press("Alt+ArrowDown")
    expect(dora.locator(HEADING)).to_have_text("First")
    keys.press("Alt+ArrowUp")
    expect(dora.locator(HEADING)).to_have_text("Second")

    expect(box(dora)).to_be_focused()
    keys.press("ArrowUp")
    expect(dora.get_by_role("textbox", name="Edit message")).to_have_value("Second")
    keys.press("Escape")
    keys.press("Shift+Escape")
    expect(box(dora)).to_be_focused()

    keys.press("Control+Shift+C")
    expect(dora.locator("#announcer")).to_have_text("Copied")
    keys.press("Control+Shift+S")
    expect(dora.get_by_role("navigation", name="Conversations")).to_be_hidden()
    keys.press("Control+Shift+S")
    expect(dora.get_by_role("navigation", name="Conversations")).to_be_visible()

    model.script(Fault(text="A long reply. " * 50, gate=gate))
    send(dora, "Go on")
    gate.release(5)
    expect(reply(dora).locator(".message-body")).to_contain_text("long")
    keys.press("Escape")
    shows(dora, "stopped")


@pytest.mark.parametrize(
    "window", [{"viewport": {"width": width, "height": 850}} for width in (1440, 390)]
)
def test_the_list_opens_by_key_and_from_the_menu_but_not_while_typing(alice: Page) -> None:
    listed = alice.get_by_role("dialog", name="Keyboard shortcuts")
    box(alice).press("?")
    expect(box(alice)).to_have_value("?")
    expect(listed).to_be_hidden()
    box(alice).press("Control+/")
    expect(listed).to_be_visible()
    alice.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    box(alice).fill("")
    box(alice).blur()
    alice.keyboard.press("?")
    expect(listed).to_be_visible()
    listed.get_by_role("button", name="Close").click()
    open_sidebar(alice)
    alice.get_by_role("button", name="alice").click()
    alice.get_by_role("button", name="Keyboard shortcuts").click()
    expect(listed).to_be_visible()
