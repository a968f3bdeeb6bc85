"""Prompts in the composer: what "/" offers, filled in and put there."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from conversations.offline_model import OfflineModel
from tests.e2e.conftest import PHONE, in_both_windows
from tests.e2e.prompts import ListRequests, composer, import_prompts, options
from tests.e2e.steps import box, send, shows, sticks_out


@pytest.fixture
def prepared(alice: Page, tmp_path: Path, model: OfflineModel) -> Page:
    """A new chat of somebody with four prompts."""
    import_prompts(alice, tmp_path / "prompts.json")
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
    requests = ListRequests(prepared)
    composer(prepared).press("/")
    expect(options(prepared)).to_have_count(4)
    composer(prepared).press("Escape")
    expect(options(prepared)).to_have_count(0)
    composer(prepared).press_sequentially("sum")
    requests.settle()
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
    "typed", ["See /sum", "and/sum", "1 / 2", "/usr/sum", "/nothing-is-called-so", "a@b.example"]
)
def test_a_path_is_a_text_as_any_other(prepared: Page, model: OfflineModel, typed: str) -> None:
    requests = ListRequests(prepared)
    composer(prepared).press("/")
    # From here on the script is there that offers something.
    expect(options(prepared)).to_have_count(4)
    composer(prepared).fill("")
    composer(prepared).press_sequentially(typed, delay=30)
    requests.settle()
    expect(options(prepared)).to_have_count(0)
    send_by_key(prepared)
    expect(prepared.locator("article[data-role=user] .message-body")).to_have_text(typed)


def send_by_key(page: Page) -> None:
    composer(page).press("Enter")
    expect(page.locator("article[data-role=user]")).to_be_attached()


def test_nothing_is_fetched_by_who_never_types_it(prepared: Page) -> None:
    requests = ListRequests(prepared)
    composer(prepared).press_sequentially("Hello there. And/or?")
    requests.settle()
    assert requests.urls == []


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
