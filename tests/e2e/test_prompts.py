"""The prompt library: what "/" offers in the composer, filled in and put there, and its pages."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from conversations.offline_model import OfflineModel
from tests.e2e.conftest import PHONE, in_both_windows
from tests.e2e.site import Site
from tests.e2e.steps import box, choose_from_menu, reply, send, shows, sticks_out

TONE = 'Write to {{name | text:required}} in a {{tone | select:options="formal,friendly"}} tone.'


def composer(page: Page) -> Locator:
    """Where a message is typed, also while a list is open beside it."""
    return page.locator("#composer-text")


def options(page: Page) -> Locator:
    return page.get_by_role("option")


@pytest.fixture
def prepared(alice: Page, tmp_path: Path, model: OfflineModel) -> Page:
    """A new chat of somebody with four prompts, which were imported."""
    texts = {
        "summary": "Summarize this.",
        "sum-up": "Sum up in a line.",
        "letter": TONE,
        "pasted": "Explain: {{clipboard}}",
    }
    entries = [{"name": name, "text": text} for name, text in texts.items()]
    file = tmp_path / "prompts.json"
    file.write_text(json.dumps(entries))
    alice.goto("/prompts/import/")
    alice.get_by_label("File").set_input_files(file)
    alice.get_by_role("button", name="Import").click()
    expect(alice.locator("#toasts")).to_contain_text("4 prompts were imported.")
    alice.goto("/")
    box(alice).wait_for()
    alice.wait_for_load_state()
    return alice


@in_both_windows
def test_a_prompt_is_found_by_its_name_and_put_in(prepared: Page, model: OfflineModel) -> None:
    composer(prepared).press("/")
    expect(options(prepared)).to_have_count(4)
    expect(composer(prepared)).to_have_attribute("aria-controls", "suggestions-list")
    expect(prepared.locator("#announcer")).to_have_text("4 prompts")
    assert not sticks_out(prepared)
    composer(prepared).press_sequentially("sum")
    expect(options(prepared)).to_have_count(2)
    composer(prepared).press("ArrowDown")
    expect(options(prepared).nth(1)).to_have_attribute("aria-selected", "true")
    active = composer(prepared).get_attribute("aria-activedescendant")
    assert active == options(prepared).nth(1).get_attribute("id")
    composer(prepared).press("Enter")
    expect(composer(prepared)).to_have_value("Summarize this.")
    expect(options(prepared)).to_have_count(0)
    expect(box(prepared)).to_be_focused()
    assert not model.requests


def test_what_was_put_in_is_a_draft_and_can_be_undone(prepared: Page) -> None:
    composer(prepared).press_sequentially("/sum-")
    expect(options(prepared)).to_have_count(1)
    composer(prepared).press("Tab")
    expect(composer(prepared)).to_have_value("Sum up in a line.")
    prepared.reload()
    expect(composer(prepared)).to_have_value("Sum up in a line.")
    composer(prepared).fill("")
    composer(prepared).press_sequentially("/sum-")
    expect(options(prepared)).to_have_count(1)
    composer(prepared).press("Enter")
    composer(prepared).press("ControlOrMeta+z")
    expect(composer(prepared)).to_have_value("/sum-")


@in_both_windows
def test_variables_are_asked_for_and_the_text_is_not_sent(
    prepared: Page, model: OfflineModel
) -> None:
    composer(prepared).fill("Before\n")
    composer(prepared).press_sequentially("/let")
    expect(options(prepared)).to_have_count(1)
    composer(prepared).press("Enter")
    dialog = prepared.get_by_role("dialog", name="letter")
    expect(dialog.get_by_label("Name")).to_be_focused()
    assert not sticks_out(prepared)
    dialog.get_by_label("Name").fill("{{tone}}")
    dialog.get_by_label("Tone").select_option("friendly")
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog).to_have_count(0)
    expect(composer(prepared)).to_have_value("Before\nWrite to {{tone}} in a friendly tone.")
    expect(box(prepared)).to_be_focused()
    assert not model.requests


def test_a_dialog_that_is_closed_leaves_the_text_as_it_was(prepared: Page) -> None:
    composer(prepared).press_sequentially("/let")
    expect(options(prepared)).to_have_count(1)
    composer(prepared).press("Enter")
    dialog = prepared.get_by_role("dialog", name="letter")
    expect(dialog).to_be_visible()
    prepared.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(composer(prepared)).to_have_value("/let")


@pytest.mark.parametrize("window", [PHONE], ids=["phone"])
def test_a_finger_takes_one(prepared: Page, model: OfflineModel) -> None:
    composer(prepared).tap()
    composer(prepared).press_sequentially("/")
    options(prepared).filter(has_text="summary").tap()
    expect(composer(prepared)).to_have_value("Summarize this.")
    expect(options(prepared)).to_have_count(0)
    assert not model.requests


def test_escape_closes_the_list_until_another_word_begins(prepared: Page) -> None:
    composer(prepared).press("/")
    expect(options(prepared)).to_have_count(4)
    composer(prepared).press("Escape")
    expect(options(prepared)).to_have_count(0)
    composer(prepared).press_sequentially("sum")
    prepared.wait_for_timeout(500)
    expect(options(prepared)).to_have_count(0)
    composer(prepared).fill("")
    composer(prepared).press("/")
    expect(options(prepared)).to_have_count(4)


def test_enter_before_the_answer_is_there_takes_what_was_typed(prepared: Page) -> None:
    composer(prepared).press("/")
    expect(options(prepared)).to_have_count(4)
    composer(prepared).press_sequentially("sum-")
    composer(prepared).press("Enter")
    expect(composer(prepared)).to_have_value("Sum up in a line.")


@pytest.mark.parametrize(
    "typed", ["See /usr/bin", "and/or", "1 / 2", "/usr/bin", "/nothing-is-called-so", "a@b.example"]
)
def test_a_path_is_a_text_as_any_other(prepared: Page, model: OfflineModel, typed: str) -> None:
    composer(prepared).press_sequentially(typed, delay=30)
    prepared.wait_for_timeout(400)
    expect(options(prepared)).to_have_count(0)
    send_by_key(prepared)
    expect(prepared.locator("article[data-role=user] .message-body")).to_have_text(typed)


def send_by_key(page: Page) -> None:
    composer(page).press("Enter")
    expect(page.locator("article[data-role=user]")).to_be_attached()


def test_nothing_is_fetched_by_who_never_types_it(prepared: Page) -> None:
    fetched: list[str] = []
    prepared.on("request", lambda request: fetched.append(request.url))
    prepared.reload()
    composer(prepared).press_sequentially("Hello there. And/or?")
    prepared.wait_for_timeout(400)
    assert not [url for url in fetched if "suggestions" in url]


def test_what_was_copied_is_put_in_where_the_browser_allows_it(prepared: Page) -> None:
    prepared.context.grant_permissions(["clipboard-read", "clipboard-write"])
    prepared.evaluate("navigator.clipboard.writeText('what I copied')")
    composer(prepared).press_sequentially("/pas")
    expect(options(prepared)).to_have_count(1)
    composer(prepared).press("Enter")
    dialog = prepared.get_by_role("dialog", name="pasted")
    expect(dialog.get_by_label("Clipboard")).to_have_value("what I copied")
    dialog.get_by_role("button", name="Insert").click()
    expect(composer(prepared)).to_have_value("Explain: what I copied")


def test_what_the_browser_keeps_to_itself_can_be_pasted(prepared: Page) -> None:
    prepared.context.clear_permissions()
    composer(prepared).press_sequentially("/pas")
    expect(options(prepared)).to_have_count(1)
    composer(prepared).press("Enter")
    dialog = prepared.get_by_role("dialog", name="pasted")
    expect(dialog.get_by_text("If it isn’t here yet, paste it.")).to_be_visible()
    dialog.get_by_label("Clipboard").fill("typed")
    dialog.get_by_role("button", name="Insert").click()
    expect(composer(prepared)).to_have_value("Explain: typed")


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
def test_the_library_is_kept_by_hand(prepared: Page) -> None:
    prepared.goto("/prompts/")
    assert not sticks_out(prepared)
    rows = prepared.locator(".prompts-row")
    expect(rows).to_have_count(4)
    prepared.get_by_role("button", name="Options for summary").click()
    prepared.get_by_role("button", name="Duplicate").click()
    expect(prepared.get_by_label("Name", exact=True)).to_have_value("summary-2")
    prepared.get_by_label("Text", exact=True).fill("{{a}} {{b | color}}")
    expect(prepared.locator("#prompt-variables")).to_contain_text("Variables: A")
    expect(prepared.locator("#prompt-variables")).to_contain_text("{{b | color}}")
    prepared.get_by_role("button", name="Save").click()
    expect(rows).to_have_count(5)
    prepared.get_by_role("button", name="Options for summary-2").click()
    prepared.locator("[popover]:popover-open").get_by_role("button", name="Delete").click()
    prepared.get_by_role("dialog").get_by_role("button", name="Delete prompt").click()
    expect(rows).to_have_count(4)
    prepared.get_by_role("searchbox", name="Search prompts").fill("line")
    prepared.get_by_role("searchbox", name="Search prompts").press("Enter")
    expect(rows).to_have_count(1)
    rows.get_by_role("link", name="Use sum-up").click()
    expect(composer(prepared)).to_have_value("Sum up in a line.")


@pytest.fixture
def plain(site: Site, new_context: Callable[..., BrowserContext], prepared: Page) -> Page:
    """The same user without scripts."""
    context = new_context(base_url=site.url, java_script_enabled=False)
    context.add_cookies(prepared.context.cookies())  # type: ignore[arg-type]
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
    sign_in: Callable[..., Page], alice: Page
) -> None:
    ada = sign_in("ada")
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
    composer(alice).press_sequentially("/house")
    alice.wait_for_timeout(400)
    expect(options(alice)).to_have_count(0)


def test_an_input_method_is_left_alone(prepared: Page) -> None:
    client = prepared.context.new_cdp_session(prepared)
    composer(prepared).press("/")
    expect(options(prepared)).to_have_count(4)
    composing = {"text": "に", "selectionStart": 1, "selectionEnd": 1}
    client.send("Input.imeSetComposition", composing)
    expect(composer(prepared)).to_have_value("/に")
    client.send("Input.insertText", {"text": "日本"})
    expect(composer(prepared)).to_have_value("/日本")
    expect(options(prepared)).to_have_count(0)


def test_a_message_that_is_edited_takes_one_too(prepared: Page, model: OfflineModel) -> None:
    send(prepared, "Hello")
    shows(prepared, "complete")
    prepared.locator("article[data-role=user]").get_by_role("button", name="Edit").click()
    edited = prepared.locator(".edit-form textarea")
    edited.fill("")
    edited.press("/")
    expect(options(prepared)).to_have_count(4)
    # It closes the list, and not the form.
    edited.press("Escape")
    expect(options(prepared)).to_have_count(0)
    edited.fill("")
    edited.press_sequentially("/let")
    expect(options(prepared)).to_have_count(1)
    edited.press("Enter")
    dialog = prepared.get_by_role("dialog", name="letter")
    dialog.get_by_label("Name").fill("Kim")
    dialog.get_by_label("Tone").select_option("formal")
    dialog.get_by_label("Name").press("Enter")
    expect(edited).to_have_value("Write to Kim in a formal tone.")
