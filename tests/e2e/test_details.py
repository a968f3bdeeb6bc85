"""What a reply took, how full the context is, and waits that are counted down."""

import re

import pytest
from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, OfflineModel
from tests.e2e.conftest import in_both_windows
from tests.e2e.steps import reply, send, shows


@in_both_windows
def test_a_wait_is_counted_down(alice: Page, model: OfflineModel) -> None:
    # Longer than the site waits by itself.
    model.script(Fault(status=429, retry_after="40"))
    alice.clock.install()
    send(alice, "Hello")
    shows(alice, "failed")
    sentence = reply(alice).locator(".message-status p")
    expect(sentence).to_contain_text("try again in about")
    alice.clock.fast_forward(30_000)
    expect(sentence).to_contain_text(re.compile("try again in about [3-9] seconds"))
    alice.clock.fast_forward(15_000)
    expect(sentence).to_have_text("You can try again now.")
    expect(alice.locator("#announcer")).to_have_text("You can try again now.")


@in_both_windows
def test_what_a_reply_and_the_conversation_took_opens_by_a_button(
    alice: Page, model: OfflineModel
) -> None:
    model.script(Fault(text="Yes."))
    send(alice, "Is this long? " + "word " * 8000)
    shows(alice, "complete")
    button = reply(alice).get_by_role("button", name="Details")
    button.focus()
    alice.keyboard.press("Enter")
    details = reply(alice).locator(".details-menu")
    expect(details.get_by_role("term")).to_contain_text(["Model", "Tokens read"])
    alice.keyboard.press("Escape")
    expect(details).to_be_hidden()
    expect(button).to_be_focused()

    meter = alice.get_by_role("button", name=re.compile("Context [0-9]+% full"))
    before = meter.get_attribute("aria-label") or ""
    meter.click()
    terms = alice.locator("#context-details").get_by_role("term")
    expect(terms).to_contain_text(["Context", "Next message", "Read so far"])
    alice.keyboard.press("Escape")
    model.script(Fault(text="Yes."))
    send(alice, "And this? " + "word " * 20000)
    shows(alice, "complete")
    expect(meter).to_be_visible()
    expect(meter).not_to_have_attribute("aria-label", before)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (844, 390)])
def test_the_details_of_a_reply_fit_the_window(
    alice: Page, model: OfflineModel, width: int, height: int
) -> None:
    alice.set_viewport_size({"width": width, "height": height})
    model.script(Fault(text="Line.\n\n" * 20))
    send(alice, "Is this long?")
    shows(alice, "complete")
    button = reply(alice).get_by_role("button", name="Details")
    button.evaluate("button => button.scrollIntoView({ block: 'center' })")
    button.click()
    details = reply(alice).locator(".details-menu")
    expect(details.get_by_role("term").first).to_be_visible()
    expect(details).to_be_in_viewport(ratio=1)
