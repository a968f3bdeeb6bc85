"""A line that is lost is told, and found again."""

import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.conftest import OpenPage
from tests.e2e.held import Hold
from tests.e2e.site import Site
from tests.e2e.steps import body, send, shows, words

TEXT = words(60)
LOST = "Connection lost, reconnecting…"


@pytest.fixture
def gate(model: OfflineModel) -> Iterator[Gate]:
    gate = Gate()
    model.script(Fault(text=TEXT, gate=gate))
    yield gate
    gate.open()


def test_a_browser_that_goes_offline_is_told_until_it_is_back(alice: Page) -> None:
    alice.context.set_offline(True)
    expect(alice.get_by_role("alert").get_by_text(LOST)).to_be_visible()
    alice.context.set_offline(False)
    expect(alice.get_by_text(LOST)).to_have_count(0)
    expect(alice.get_by_role("status")).to_have_text("Connected again.")


def test_the_buttons_of_a_phone_stay_in_reach_while_offline(alice: Page) -> None:
    alice.set_viewport_size({"width": 390, "height": 844})
    alice.context.set_offline(True)
    expect(alice.get_by_role("alert").get_by_text(LOST)).to_be_visible()
    alice.get_by_role("button", name="Open sidebar").click()
    expect(alice.get_by_role("link", name="New chat").last).to_be_visible()


def test_a_server_that_died_is_told_until_another_is_there(
    own_site: Site, sign_in_to: OpenPage, gate: Gate
) -> None:
    page = sign_in_to(own_site.url)
    send(page, "Hello")
    gate.release(60)
    expect(body(page)).to_contain_text("word8")
    own_site.wait_for_checkpoint("word8")
    own_site.stop(signal.SIGKILL)
    expect(page.get_by_role("alert").get_by_text(LOST)).to_be_visible()
    own_site.start()
    shows(page, "interrupted")
    expect(page.get_by_text(LOST)).to_have_count(0)
    expect(body(page)).to_contain_text("word8")


def test_a_line_that_falls_silent_is_opened_anew(alice: Page, gate: Gate, hold: Hold) -> None:
    """As a proxy leaves it that forgets a connection: it stays open, and nothing comes."""
    alice.clock.install()
    # The timers of the page that is open are the browser's own.
    alice.reload()
    held = hold(alice, "**/stream/")
    with alice.expect_request("**/stream/"):
        send(alice, "Hello")
    alice.clock.run_for(25_000)
    expect(alice.get_by_role("alert").get_by_text(LOST)).to_be_visible()
    held.let_go()
    gate.open()
    alice.clock.run_for(25_000)
    shows(alice, "complete")
    expect(alice.get_by_text(LOST)).to_have_count(0)
    expect(body(alice)).to_have_text(TEXT)
