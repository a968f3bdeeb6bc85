"""What is clicked and typed while a page's scripts are still under way, as on a slow line."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.factors import Device
from tests.e2e.held import Hold
from tests.e2e.test_options import gatherer

__all__ = ["gatherer"]


def test_a_passkey_is_added(dora: Page, hold: Hold) -> None:
    Device(dora)
    scripts = hold(dora, "**/mfa/js/*")
    dora.goto("/accounts/2fa/webauthn/add/", wait_until="commit")
    dora.get_by_role("button", name="Add").click()
    scripts.let_go()
    expect(dora.get_by_role("heading", name="Recovery codes")).to_be_visible()


@pytest.mark.parametrize("script", ["htmx.min", "sidebar"])
def test_a_menu_whose_entries_are_fetched_opens(gatherer: Page, hold: Hold, script: str) -> None:
    scripts = hold(gatherer, f"**/{script}*.js")
    gatherer.goto("/", wait_until="commit")
    gatherer.get_by_role("button", name="Options for Figs").click()
    scripts.let_go()
    expect(gatherer.get_by_role("button", name="Rename")).to_be_visible()


def test_selecting_begins(gatherer: Page, hold: Hold) -> None:
    scripts = hold(gatherer, "**/sidebar*.js")
    gatherer.goto("/", wait_until="commit")
    gatherer.get_by_role("button", name="Select conversations").click()
    scripts.let_go()
    expect(gatherer.get_by_role("checkbox")).to_have_count(3)


def test_a_search_finds(gatherer: Page, hold: Hold) -> None:
    scripts = hold(gatherer, "**/htmx.min*.js")
    gatherer.goto("/", wait_until="commit")
    gatherer.get_by_role("searchbox", name="Search").first.fill("Quinces")
    scripts.let_go()
    expect(gatherer.locator("#search-found").get_by_role("link")).to_have_count(1)


def test_what_needs_no_script_is_not_held_up(gatherer: Page, hold: Hold) -> None:
    hold(gatherer, "**/sidebar*.js")
    gatherer.goto("/", wait_until="commit")
    gatherer.get_by_role("link", name="Quinces").click()
    expect(gatherer.get_by_role("heading", level=1)).to_have_text("Quinces")
