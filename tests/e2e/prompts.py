"""Prompts for tests in the browser, and the list that "/" opens."""

import json
from pathlib import Path

from playwright.sync_api import Locator, Page, Request, expect

from tests.e2e.steps import box, wait_on_page

TONE = 'Write to {{name | text:required}} in a {{tone | select:options="formal,friendly"}} tone.'


def composer(page: Page) -> Locator:
    """Where a message is typed, also while a list is open beside it."""
    return page.locator("#composer-text")


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def import_prompts(page: Page, file: Path) -> None:
    """Imports four by way of a file that is written there, and opens a new chat."""
    texts = {
        "summary": "Summarize this.",
        "sum-up": "Sum up in a line.",
        "letter": TONE,
        "pasted": "Explain: {{clipboard}}",
    }
    entries = [{"name": name, "text": text} for name, text in texts.items()]
    file.write_text(json.dumps(entries))
    page.goto("/prompts/import/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Import").click()
    expect(page.locator("#toasts")).to_contain_text("4 prompts were imported.")
    page.goto("/")
    box(page).wait_for()
    page.wait_for_load_state()


class ListRequests:
    """What a page asks for that offers something as one types, from here on."""

    def __init__(self, page: Page) -> None:
        self.urls: list[str] = []
        self._page = page
        self._running: list[Request] = []
        page.clock.install()
        # The timers of the page that is open are the browser's own.
        page.reload()
        box(page).wait_for()
        page.wait_for_load_state()
        page.on("request", self._begin)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._end)

    def settle(self) -> None:
        """Return once the page has asked for all that what was typed makes it ask for, and been
        answered.
        """
        self._page.clock.run_for(1_000)
        # Requests are heard of in their order: with this one, all that were made before it.
        with self._page.expect_request("**/livez/"):
            self._page.evaluate("void fetch('/livez/')")
        wait_on_page(self._page, lambda: not self._running, "the last answer")

    def _begin(self, request: Request) -> None:
        if "suggestions" in request.url:
            self.urls.append(request.url)
            self._running.append(request)

    def _end(self, request: Request) -> None:
        if request in self._running:
            self._running.remove(request)
