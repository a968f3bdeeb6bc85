"""The pages of the prompt library, saving a message as a prompt, and using one without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.offline_model import OfflineModel
from tests.e2e.conftest import in_both_windows
from tests.e2e.prompts import composer, options
from tests.e2e.site import Site
from tests.e2e.steps import choose_from_menu, reply, send, shows, sticks_out


@in_both_windows
def test_a_message_is_saved_as_a_prompt(alice: Page, model: OfflineModel) -> None:
    send(alice, "Write a poem about {{topic}}")
    shows(alice, "complete")
    choose_from_menu(alice.locator("article[data-role=user]"), "Save as prompt…")
    dialog = alice.get_by_role("dialog", name="Save as prompt")
    expect(dialog.get_by_label("Text", exact=True)).to_have_value("Write a poem about {{topic}}")
    assert not sticks_out(alice)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    dialog.get_by_label("Name", exact=True).fill("Poem!")
    dialog.get_by_role("button", name="Save").click()
    expect(alice.locator("#toasts")).to_contain_text("Type “/poem” to use it.")
    expect(dialog).to_be_hidden()
    choose_from_menu(reply(alice), "Save as prompt…")
    expect(dialog.get_by_label("Text", exact=True)).not_to_be_empty()
    alice.keyboard.press("Escape")
    composer(alice).press_sequentially("/po")
    expect(options(alice)).to_have_count(1)


@in_both_windows
def test_the_library_is_kept_by_hand(prompter: Page) -> None:
    prompter.goto("/prompts/")
    assert not sticks_out(prompter)
    rows = prompter.locator(".prompts-row")
    expect(rows).to_have_count(4)
    prompter.get_by_role("button", name="Options for summary").click()
    prompter.get_by_role("button", name="Duplicate").click()
    expect(prompter.get_by_label("Name", exact=True)).to_have_value("summary-2")
    prompter.get_by_label("Text", exact=True).fill("{{a}} {{b | color}}")
    expect(prompter.locator("#prompt-variables")).to_contain_text("Variables: A")
    expect(prompter.locator("#prompt-variables")).to_contain_text("{{b | color}}")
    prompter.get_by_role("button", name="Save").click()
    expect(rows).to_have_count(5)
    prompter.get_by_role("button", name="Options for summary-2").click()
    prompter.locator("[popover]:popover-open").get_by_role("button", name="Delete").click()
    prompter.get_by_role("dialog").get_by_role("button", name="Delete prompt").click()
    expect(rows).to_have_count(4)
    prompter.get_by_role("searchbox", name="Search prompts").fill("line")
    prompter.get_by_role("searchbox", name="Search prompts").press("Enter")
    expect(rows).to_have_count(1)
    rows.get_by_role("link", name="Use sum-up").click()
    expect(composer(prompter)).to_have_value("Sum up in a line.")


@pytest.fixture
def plain(site: Site, new_context: Callable[..., BrowserContext], prompter: Page) -> Page:
    """The same user without scripts."""
    context = new_context(base_url=site.url, java_script_enabled=False)
    context.add_cookies(prompter.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/prompts/")
    return page


def test_without_scripts_a_new_chat_has_the_text(plain: Page, model: OfflineModel) -> None:
    plain.get_by_role("link", name="Use letter").click()
    plain.get_by_label("Name").fill("Kim")
    plain.get_by_label("Tone").select_option("formal")
    plain.get_by_role("button", name="Insert").click()
    expect(composer(plain)).to_have_value("Write to Kim in a formal tone.")
    assert not model.requests
    plain.get_by_role("button", name="Send message").click()
    plain.wait_for_url(re.compile("/c/"))
    shows(plain, "complete")


def test_what_an_administrator_shares_others_use_until_it_is_deleted(
    sign_in: Callable[..., Page], prompter: Page
) -> None:
    alice, ada = prompter, sign_in("ada")
    ada.goto("/prompts/new/")
    ada.get_by_label("Name", exact=True).fill("house-style")
    ada.get_by_label("Text", exact=True).fill("Follow the house style.")
    ada.get_by_label("Share with everybody").check()
    ada.get_by_role("button", name="Save").click()
    alice.goto("/prompts/")
    alice.get_by_role("link", name="Shared").click()
    row = alice.locator(".prompts-row").filter(has_text="house-style")
    expect(row).to_be_visible()
    row.get_by_role("button", name="Options for house-style").click()
    expect(row.get_by_role("link", name="Edit")).to_have_count(0)
    alice.goto("/")
    composer(alice).press_sequentially("/house")
    expect(options(alice)).to_contain_text(["Shared"])
    composer(alice).press("Enter")
    expect(composer(alice)).to_have_value("Follow the house style.")
    # The site is other tests' too.
    ada.get_by_role("button", name="Options for house-style").click()
    ada.locator("[popover]:popover-open").get_by_role("button", name="Delete").click()
    ada.get_by_role("dialog").get_by_role("button", name="Delete prompt").click()
    expect(ada.get_by_text("“house-style” was deleted.")).to_be_visible()
    composer(alice).fill("")
    composer(alice).press("/")
    # Their own alone.
    expect(options(alice)).to_have_count(4)
