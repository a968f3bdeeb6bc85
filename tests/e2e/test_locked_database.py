"""Another process keeps SQLite's write lock: what a reader sees while that lasts, and after."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.site import Site
from tests.e2e.steps import body, reply, send, shows, words
from tests.server.outages import locked_database

TEXT = words(60)
TIMEOUT = 20_000  # milliseconds


@pytest.fixture
def visitor(own_site: Site, sign_in_to: Callable[..., Page]) -> Page:
    return sign_in_to(own_site.url)


@pytest.fixture
def outage(own_site: Site, visitor: Page, model: OfflineModel) -> Iterator[ExitStack]:
    """It begins in mid-reply, which is then written to its end; closing it ends it."""
    gate = Gate()
    model.script(Fault(text=TEXT, gate=gate))
    send(visitor, "Hello")
    gate.release(20)
    expect(body(visitor)).to_contain_text("word4")
    with ExitStack() as stack:
        stack.enter_context(locked_database(own_site.data_dir / "db.sqlite3"))
        gate.open()
        expect(reply(visitor)).to_contain_text("Not saved yet", timeout=TIMEOUT)
        yield stack


def test_every_word_arrives_and_the_page_says_that_it_is_not_saved(
    visitor: Page, outage: ExitStack
) -> None:
    expect(body(visitor)).to_have_text(TEXT)
    outage.close()
    expect(reply(visitor)).to_have_attribute("data-status", "complete", timeout=TIMEOUT)
    expect(body(visitor)).to_have_text(TEXT)
    expect(reply(visitor)).not_to_contain_text("Not saved yet")


def test_a_reload_shows_every_word(visitor: Page, outage: ExitStack) -> None:
    visitor.reload()
    expect(body(visitor)).to_have_text(TEXT)
    expect(reply(visitor)).to_contain_text("Not saved yet")


def test_stop_takes_no_word_away(visitor: Page, outage: ExitStack) -> None:
    visitor.get_by_role("button", name="Stop generating").click()
    expect(body(visitor)).to_have_text(TEXT)
    outage.close()
    shows(visitor, "complete")
    expect(body(visitor)).to_have_text(TEXT)


def test_a_message_that_can_not_be_taken_stays_in_its_box(visitor: Page, outage: ExitStack) -> None:
    visitor.goto("/")
    box = visitor.get_by_role("textbox", name="Message")
    box.fill("Are you there?")
    box.press("Enter")
    error = "The server couldn’t take the message. Your text is still here; try again."
    expect(visitor.get_by_role("alert").filter(has_text=error)).to_be_visible(timeout=TIMEOUT)
    expect(box).to_have_value("Are you there?")
    outage.close()
    box.press("Enter")
    expect(visitor.locator("article[data-role=user]")).to_contain_text("Are you there?")


def test_a_stop_of_the_server_meanwhile_loses_no_word(
    own_site: Site, visitor: Page, outage: ExitStack
) -> None:
    own_site.stop()
    expect(body(visitor)).to_have_text(TEXT)
    outage.close()
    own_site.start()
    visitor.reload()
    shows(visitor, "complete")
    expect(body(visitor)).to_have_text(TEXT)
