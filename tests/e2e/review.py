"""What people who review do and see."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

QUEUE = "/admin/review/review/"
# Milliseconds: a deletion is final after fifteen seconds, and review follows within two.
TIMEOUT = 30_000


def in_queue(page: Page, title: str, query: str = "?state=waiting") -> None:
    """Opens the queue until the conversation is in it, and then its transcript."""
    link = page.get_by_role("link", name=title)
    until(page, lambda: open_and_look(page, f"{QUEUE}{query}", link))
    link.click()
    expect(page.locator("article[data-role=user]").first).to_be_visible()


def open_and_look(page: Page, url: str, wanted: Locator) -> bool:
    page.goto(url)
    return wanted.count() > 0


def search_and_look(page: Page, words: str, wanted: Locator) -> bool:
    page.get_by_role("searchbox", name="Text").fill(words)
    page.get_by_role("searchbox", name="Text").press("Enter")
    page.wait_for_load_state()
    return wanted.count() > 0


def until(page: Page, it_is: Callable[[], bool]) -> None:
    for _ in range(TIMEOUT // 200):
        if it_is():
            return
        page.wait_for_timeout(200)
    raise AssertionError("it never came to be")
