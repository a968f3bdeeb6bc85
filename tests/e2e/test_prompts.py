"""The prompt library: what "/" offers in the composer, filled in and put there, and its pages."""

from playwright.sync_api import Locator, Page, expect

from conversations.offline_model import OfflineModel
from tests.e2e.conftest import in_both_windows
from tests.e2e.steps import box, sticks_out

TONE = 'Write to {{name | text:required}} in a {{tone | select:options="formal,friendly"}} tone.'


def composer(page: Page) -> Locator:
    """Where a message is typed, also while a list is open below it."""
    return page.locator("#composer-text")


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def add(page: Page, name: str, text: str) -> None:
    page.goto("/prompts/new/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/prompts/")


def add_all(page: Page) -> None:
    add(page, "summary", "Summarize this.")
    add(page, "letter", TONE)
    add(page, "sum-up", "Sum up in a line.")
    page.goto("/")
    box(page).wait_for()


@in_both_windows
def test_a_prompt_is_found_by_its_name_and_put_in(alice: Page, model: OfflineModel) -> None:
    add_all(alice)
    composer(alice).press("/")
    expect(options(alice)).to_have_count(3)
    expect(composer(alice)).to_have_attribute("aria-expanded", "true")
    expect(alice.locator("#announcer")).to_have_text("3 prompts")
    assert not sticks_out(alice)
    composer(alice).press_sequentially("sum")
    expect(options(alice)).to_have_count(2)
    composer(alice).press("ArrowDown")
    expect(options(alice).nth(1)).to_have_attribute("aria-selected", "true")
    active = composer(alice).get_attribute("aria-activedescendant")
    assert active == options(alice).nth(1).get_attribute("id")
    composer(alice).press("Enter")
    expect(composer(alice)).to_have_value("Summarize this.")
    expect(options(alice)).to_have_count(0)
    assert not model.requests
