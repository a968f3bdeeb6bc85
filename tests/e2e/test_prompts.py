"""Prompts in the composer: what "/" offers, filled in and put there."""

import pytest
from playwright.sync_api import Page, expect

from conversations.offline_model import OfflineModel
from tests.e2e.conftest import PHONE, in_both_windows
from tests.e2e.prompts import ListRequests, composer, options
from tests.e2e.steps import box, send, shows, sticks_out


@in_both_windows
def test_a_prompt_is_found_by_its_name_and_put_in(prompter: Page, model: OfflineModel) -> None:
    composer(prompter).press("/")
    expect(options(prompter)).to_have_count(4)
    expect(composer(prompter)).to_have_attribute("aria-controls", "suggestions-list")
    expect(prompter.locator("#announcer")).to_have_text("4 prompts")
    assert not sticks_out(prompter)
    composer(prompter).press_sequentially("sum")
    expect(options(prompter)).to_have_count(2)
    composer(prompter).press("ArrowDown")
    expect(options(prompter).nth(1)).to_have_attribute("aria-selected", "true")
    active = composer(prompter).get_attribute("aria-activedescendant")
    assert active == options(prompter).nth(1).get_attribute("id")
    composer(prompter).press("Enter")
    expect(composer(prompter)).to_have_value("Summarize this.")
    expect(options(prompter)).to_have_count(0)
    expect(box(prompter)).to_be_focused()
    assert not model.requests


def test_what_was_put_in_is_a_draft_and_can_be_undone(prompter: Page) -> None:
    composer(prompter).press_sequentially("/sum-")
    expect(options(prompter)).to_have_count(1)
    composer(prompter).press("Tab")
    expect(composer(prompter)).to_have_value("Sum up in a line.")
    prompter.reload()
    expect(composer(prompter)).to_have_value("Sum up in a line.")
    composer(prompter).fill("")
    composer(prompter).press_sequentially("/sum-")
    expect(options(prompter)).to_have_count(1)
    composer(prompter).press("Enter")
    composer(prompter).press("ControlOrMeta+z")
    expect(composer(prompter)).to_have_value("/sum-")


@in_both_windows
def test_variables_are_asked_for_and_the_text_is_not_sent(
    prompter: Page, model: OfflineModel
) -> None:
    composer(prompter).fill("Before\n")
    composer(prompter).press_sequentially("/let")
    expect(options(prompter)).to_have_count(1)
    composer(prompter).press("Enter")
    dialog = prompter.get_by_role("dialog", name="letter")
    expect(dialog.get_by_label("Name")).to_be_focused()
    assert not sticks_out(prompter)
    dialog.get_by_label("Name").fill("{{tone}}")
    dialog.get_by_label("Tone").select_option("friendly")
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog).to_have_count(0)
    expect(composer(prompter)).to_have_value("Before\nWrite to {{tone}} in a friendly tone.")
    expect(box(prompter)).to_be_focused()
    assert not model.requests


def test_a_dialog_that_is_closed_leaves_the_text_as_it_was(prompter: Page) -> None:
    composer(prompter).press_sequentially("/let")
    expect(options(prompter)).to_have_count(1)
    composer(prompter).press("Enter")
    dialog = prompter.get_by_role("dialog", name="letter")
    expect(dialog).to_be_visible()
    prompter.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(composer(prompter)).to_have_value("/let")


@pytest.mark.parametrize("window", [PHONE], ids=["phone"])
def test_a_finger_takes_one(prompter: Page, model: OfflineModel) -> None:
    composer(prompter).tap()
    composer(prompter).press_sequentially("/")
    options(prompter).filter(has_text="summary").tap()
    expect(composer(prompter)).to_have_value("Summarize this.")
    expect(options(prompter)).to_have_count(0)
    assert not model.requests


def test_escape_closes_the_list_until_another_word_begins(prompter: Page) -> None:
    requests = ListRequests(prompter)
    composer(prompter).press("/")
    expect(options(prompter)).to_have_count(4)
    composer(prompter).press("Escape")
    expect(options(prompter)).to_have_count(0)
    composer(prompter).press_sequentially("sum")
    requests.settle()
    expect(options(prompter)).to_have_count(0)
    composer(prompter).fill("")
    composer(prompter).press("/")
    expect(options(prompter)).to_have_count(4)


def test_enter_before_the_answer_is_there_takes_what_was_typed(prompter: Page) -> None:
    composer(prompter).press("/")
    expect(options(prompter)).to_have_count(4)
    composer(prompter).press_sequentially("sum-")
    composer(prompter).press("Enter")
    expect(composer(prompter)).to_have_value("Sum up in a line.")


@pytest.mark.parametrize(
    "typed", ["See /sum", "and/sum", "1 / 2", "/usr/sum", "/nothing-is-called-so", "a@b.example"]
)
def test_a_path_is_a_text_as_any_other(prompter: Page, model: OfflineModel, typed: str) -> None:
    requests = ListRequests(prompter)
    composer(prompter).press("/")
    # From here on the script is there that offers something.
    expect(options(prompter)).to_have_count(4)
    composer(prompter).fill("")
    composer(prompter).press_sequentially(typed, delay=30)
    requests.settle()
    expect(options(prompter)).to_have_count(0)
    send_by_key(prompter)
    expect(prompter.locator("article[data-role=user] .message-body")).to_have_text(typed)


def send_by_key(page: Page) -> None:
    composer(page).press("Enter")
    expect(page.locator("article[data-role=user]")).to_be_attached()


def test_nothing_is_fetched_by_who_never_types_it(prompter: Page) -> None:
    requests = ListRequests(prompter)
    composer(prompter).press_sequentially("Hello there. And/or?")
    requests.settle()
    assert requests.urls == []


def test_what_was_copied_is_put_in_where_the_browser_allows_it(prompter: Page) -> None:
    prompter.context.grant_permissions(["clipboard-read", "clipboard-write"])
    prompter.evaluate("navigator.clipboard.writeText('what I copied')")
    composer(prompter).press_sequentially("/pas")
    expect(options(prompter)).to_have_count(1)
    composer(prompter).press("Enter")
    dialog = prompter.get_by_role("dialog", name="pasted")
    expect(dialog.get_by_label("Clipboard")).to_have_value("what I copied")
    dialog.get_by_role("button", name="Insert").click()
    expect(composer(prompter)).to_have_value("Explain: what I copied")


def test_what_the_browser_keeps_to_itself_can_be_pasted(prompter: Page) -> None:
    prompter.context.clear_permissions()
    composer(prompter).press_sequentially("/pas")
    expect(options(prompter)).to_have_count(1)
    composer(prompter).press("Enter")
    dialog = prompter.get_by_role("dialog", name="pasted")
    expect(dialog.get_by_text("If it isn’t here yet, paste it.")).to_be_visible()
    dialog.get_by_label("Clipboard").fill("typed")
    dialog.get_by_role("button", name="Insert").click()
    expect(composer(prompter)).to_have_value("Explain: typed")


def test_an_input_method_is_left_alone(prompter: Page) -> None:
    client = prompter.context.new_cdp_session(prompter)
    composer(prompter).press("/")
    expect(options(prompter)).to_have_count(4)
    composing = {"text": "に", "selectionStart": 1, "selectionEnd": 1}
    client.send("Input.imeSetComposition", composing)
    expect(composer(prompter)).to_have_value("/に")
    client.send("Input.insertText", {"text": "日本"})
    expect(composer(prompter)).to_have_value("/日本")
    expect(options(prompter)).to_have_count(0)


def test_a_message_that_is_edited_takes_one_too(prompter: Page, model: OfflineModel) -> None:
    send(prompter, "Hello")
    shows(prompter, "complete")
    prompter.locator("article[data-role=user]").get_by_role("button", name="Edit").click()
    edited = prompter.locator(".edit-form textarea")
    edited.fill("")
    edited.press("/")
    expect(options(prompter)).to_have_count(4)
    # It closes the list, and not the form.
    edited.press("Escape")
    expect(options(prompter)).to_have_count(0)
    edited.fill("")
    edited.press_sequentially("/let")
    expect(options(prompter)).to_have_count(1)
    edited.press("Enter")
    dialog = prompter.get_by_role("dialog", name="letter")
    dialog.get_by_label("Name").fill("Kim")
    dialog.get_by_label("Tone").select_option("formal")
    dialog.get_by_label("Name").press("Enter")
    expect(edited).to_have_value("Write to Kim in a formal tone.")
