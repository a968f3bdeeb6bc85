"""The system's Chromium, and people signed in to the site in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.replies import CSRF
from bench.stage import Person, Stage
from tests.chromium import ARGUMENTS, CHROMIUM


@contextmanager
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "Chromium is not installed."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def context_of(browser: Browser, place: Stage, person: Person) -> Iterator[BrowserContext]:
    """A fresh context: nothing cached, somebody signed in."""
    context = browser.new_context(base_url=place.site.url)
    cookies = {"sessionid": person.session, "csrftoken": CSRF}
    context.add_cookies(
        [{"name": name, "value": value, "url": place.site.url} for name, value in cookies.items()]
    )
    yield context
    context.close()
