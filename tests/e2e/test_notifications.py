"""The browser's own notifications of replies, for users who have switched them on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.conftest import in_both_windows
from tests.e2e.held import Hold
from tests.e2e.site import Site
from tests.e2e.steps import close_sidebar, open_sidebar, send, shows, wait_on_page

# What the page would see in a tab that is behind another window.
HIDE = """
Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
document.dispatchEvent(new Event("visibilitychange"));
"""
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.getRegistration("/static/js/");
  return worker ? (await worker.getNotifications()).map(({ title, body }) => [title, body]) : [];
}"""


@pytest.fixture
def gate(model: OfflineModel) -> Iterator[Gate]:
    gate = Gate()
    model.script(Fault(text="Figs, if they are ripe.", gate=gate))
    yield gate
    gate.open()


def switch(page: Page) -> None:
    open_sidebar(page)
    page.locator(".account-button").click()
    page.get_by_role("switch", name="Notify me of replies").click()
    close_sidebar(page)


def told(page: Page) -> list[list[str]]:
    """Titles and texts of the notifications that are shown."""
    shown: list[list[str]] = page.evaluate(SHOWN)
    return shown


def send_and_hide(page: Page) -> None:
    """The page has given its stream up, so nobody sees the reply."""
    with page.expect_response("**/stream/**") as followed:
        send(page, "Walnuts or figs?")
    with page.expect_event("requestfailed", lambda request: request == followed.value.request):
        page.evaluate(HIDE)


def is_told(page: Page) -> None:
    expected = [["A reply is ready", "Walnuts or figs?"]]
    wait_on_page(page, lambda: told(page) == expected, "the notification")


def lists_unseen_reply(page: Page) -> bool:
    return 'data-state="unseen"' in page.request.get("/conversations/").text()


@in_both_windows
def test_a_reply_that_ends_behind_another_window_is_told(
    site: Site, dora: Page, gate: Gate
) -> None:
    dora.context.grant_permissions(["notifications"], origin=site.url)
    switch(dora)
    send_and_hide(dora)
    gate.open()
    expect(dora).to_have_title("(1) Walnuts or figs? · Chat")
    is_told(dora)


def test_one_that_ends_before_the_page_has_heard_any_news_is_told(
    site: Site, dora: Page, gate: Gate, hold: Hold
) -> None:
    dora.context.grant_permissions(["notifications"], origin=site.url)
    news = hold(dora, "**/conversations/feed/")
    dora.goto("/")
    switch(dora)
    send_and_hide(dora)
    gate.open()
    wait_on_page(dora, lambda: lists_unseen_reply(dora), "the end of the reply")
    news.let_go()
    is_told(dora)


def test_what_was_unseen_when_the_page_was_opened_is_not_told(
    site: Site, dora: Page, gate: Gate, hold: Hold
) -> None:
    send_and_hide(dora)
    gate.open()
    expect(dora).to_have_title("(1) Walnuts or figs? · Chat")
    dora.context.grant_permissions(["notifications"], origin=site.url)
    news = hold(dora, "**/conversations/feed/")
    dora.goto("/")
    switch(dora)
    dora.evaluate(HIDE)
    news.let_go()
    expect(dora).to_have_title("(1) New chat · Chat")
    assert told(dora) == []


def test_a_reply_that_ends_before_its_reader_s_eyes_is_not_told(
    site: Site, dora: Page, gate: Gate
) -> None:
    dora.context.grant_permissions(["notifications"], origin=site.url)
    switch(dora)
    gate.open()
    send(dora, "Walnuts or figs?")
    shows(dora, "complete")
    assert told(dora) == []


def test_a_browser_that_refuses_is_told_what_to_do(dora: Page) -> None:
    dora.context.clear_permissions()
    switch(dora)
    expect(dora.get_by_text("Your browser doesn’t let this site notify you.")).to_be_visible()
    dora.locator(".account-button").click()
    entry = dora.get_by_role("switch", name="Notify me of replies")
    expect(entry).to_have_attribute("aria-checked", "false")
