"""Prompts for tests in the browser, and the list that "/" opens."""

import json
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.steps import box

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
