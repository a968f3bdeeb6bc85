"""Attempts at harm in a real browser, on a page without the site's content security policy."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, Route, sync_playwright

from conversations.rendering import render
from tests.chromium import ARGUMENTS, CHROMIUM
from tests.rendering.xss_vectors import VECTORS

ADDRESS = "http://chat.test/"
PAGE = "<!doctype html><title>Chat</title><link rel=icon href=data:,><main>{}</main>"
PROVOKE = """() => document.querySelectorAll("main *").forEach((element) => {
    for (const name of ["mouseover", "focus", "toggle", "load"]) {
        element.dispatchEvent(new Event(name));
    }
    if (element.localName !== "a") element.click?.();
})"""


def happenings(html: str) -> list[str]:
    """All that a page with this HTML says, asks for or runs.

    In a thread of its own: Playwright may already be at work in this one, for other tests.
    """
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(_load, html).result()


def _load(html: str) -> list[str]:
    seen: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url == ADDRESS:
            route.fulfill(body=PAGE.format(html), content_type="text/html; charset=utf-8")
        else:
            seen.append(f"request {route.request.url}")
            route.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        listen(page, seen.append)
        page.route("**/*", answer)
        page.goto(ADDRESS)
        page.evaluate(PROVOKE)
        page.wait_for_load_state("networkidle")
        assert page.url == ADDRESS
        browser.close()
    return seen


def listen(page: Page, say: Callable[[str], None]) -> None:
    page.on("console", lambda message: say(f"console {message.text}"))
    page.on("pageerror", lambda error: say(f"error {error}"))
    page.on("popup", lambda popup: say(f"popup {popup.url}"))

    def dismiss(dialog: object) -> None:
        say("dialog")
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", dismiss)


@pytest.fixture(autouse=True)
def chromium() -> None:
    if not CHROMIUM:
        reason = "Chromium is not installed, so the browser tests can't run"
        pytest.fail(reason) if os.environ.get("REQUIRE_ALL") else pytest.skip(reason)


def test_nothing_runs_and_nothing_is_asked_for() -> None:
    assert happenings("".join(render(text, prefix="m1") for text in VECTORS)) == []


def test_the_same_unrendered_would_have_run() -> None:
    seen = happenings("<img src=x onerror=alert(1)><u onclick=alert(2)>x</u>")
    assert seen.count("dialog") == 2
    assert f"request {ADDRESS}x" in seen
