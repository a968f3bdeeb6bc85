"""What people who review do and see."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e.steps import wait_on_page

QUEUE = "/admin/review/review/"


def open_queue_with(page: Page, title: str, query: str = "") -> None:
    """Opens the queue until the conversation is in it: a moment after its first message."""
    link = page.get_by_role("link", name=title)
    wait_on_page(
        page, lambda: open_and_look(page, f"{QUEUE}{query}", link), f"{title!r} in the queue"
    )


def in_queue(page: Page, title: str, query: str = "?state=waiting") -> None:
    """Opens the queue until the conversation is in it, and then its transcript."""
    open_queue_with(page, title, query)
    page.get_by_role("link", name=title).click()
    expect(page.locator("article[data-role=user]").first).to_be_visible()


def open_and_look(page: Page, url: str, wanted: Locator) -> bool:
    page.goto(url)
    return wanted.count() > 0


def search_and_look(page: Page, words: str, wanted: Locator) -> bool:
    page.get_by_role("searchbox", name="Text").fill(words)
    page.get_by_role("searchbox", name="Text").press("Enter")
    page.wait_for_load_state()
    return wanted.count() > 0
