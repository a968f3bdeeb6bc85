"""Parameters: set for a conversation, checked as one types, and for one reply alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from conversations.offline_model import Fault, OfflineModel
from tests.e2e.conftest import in_both_windows
from tests.e2e.site import Site
from tests.e2e.steps import (
    body,
    box,
    choose_from_conversation_menu,
    open_from_conversation_menu,
    reply,
    send,
    shows,
    sticks_out,
)

STRICT = '{"type": "object", "properties": {}, "additionalProperties": false}'


def open_parameters(page: Page) -> Locator:
    return open_from_conversation_menu(page, "Parameters…", "Parameters")


def save(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Save").click()


def note(dialog: Locator, name: str) -> Locator:
    return dialog.locator(f"#parameter-{name}-note")


@in_both_windows
def test_what_is_set_is_sent_and_stays_after_a_reload(alice: Page, model: OfflineModel) -> None:
    send(alice, "Hello")
    shows(alice, "complete")
    dialog = open_parameters(alice)
    assert not sticks_out(alice)
    dialog.get_by_label("Temperature", exact=True).fill("0.3")
    expect(note(dialog, "temperature")).to_have_text("Sent: 0.3, as set for this conversation.")
    dialog.get_by_label("Longest reply", exact=True).fill("5")
    save(dialog)
    expect(dialog).to_be_hidden()
    expect(alice.locator("#announcer")).to_have_text("The parameters were saved.")

    alice.reload()
    dialog = open_parameters(alice)
    expect(dialog.get_by_label("Temperature", exact=True)).to_have_value("0.3")
    alice.keyboard.press("Escape")
    model.forget()
    send(alice, "And now?")
    shows(alice, "complete")
    sent = model.requests[0].body
    assert (sent["temperature"], sent["max_tokens"]) == (0.3, 5)
    expect(reply(alice).locator(".message-status")).to_contain_text("5 tokens")
    reply(alice).get_by_role("button", name="Details").click()
    details = reply(alice).locator(".details-list")
    expect(details).to_contain_text("Temperature")
    expect(details).to_contain_text("0.3 (the conversation’s)")


@in_both_windows
def test_what_is_wrong_is_said_while_one_types_and_nothing_is_lost(
    alice: Page, model: OfflineModel
) -> None:
    send(alice, "Hello")
    shows(alice, "complete")
    dialog = open_parameters(alice)
    dialog.get_by_label("Stop words", exact=True).fill("END")
    dialog.get_by_label("Reply as", exact=True).select_option(label="JSON by a schema")
    schema = dialog.get_by_label("Schema", exact=True)
    schema.fill('{"type": "objekt"}')
    expect(note(dialog, "schema")).to_contain_text('"objekt" is no type')
    save(dialog)
    expect(schema).to_be_focused()
    expect(schema).to_have_value('{"type": "objekt"}')
    expect(dialog.get_by_label("Stop words", exact=True)).to_have_value("END")
    schema.fill(STRICT)
    expect(note(dialog, "schema")).to_have_text("The service keeps to this schema.")
    save(dialog)
    expect(dialog).to_be_hidden()


def test_the_browser_says_what_no_parameter_can_be(alice: Page, model: OfflineModel) -> None:
    send(alice, "Hello")
    shows(alice, "complete")
    dialog = open_parameters(alice)
    field = dialog.get_by_label("Temperature", exact=True)
    field.fill("3")
    save(dialog)
    expect(dialog).to_be_visible()
    assert field.evaluate("field => field.validity.rangeOverflow")


def test_a_default_comes_back_by_a_button(alice: Page, model: OfflineModel) -> None:
    send(alice, "Hello")
    shows(alice, "complete")
    dialog = open_parameters(alice)
    dialog.get_by_label("Temperature", exact=True).fill("0.3")
    dialog.get_by_label("Seed", exact=True).fill("7")
    dialog.get_by_role("button", name="Default for Temperature").click()
    expect(dialog.get_by_label("Temperature", exact=True)).to_have_value("")
    expect(dialog.get_by_label("Seed", exact=True)).to_have_value("7")
    dialog.get_by_role("button", name="All to default").click()
    expect(dialog.get_by_label("Seed", exact=True)).to_have_value("")


@in_both_windows
def test_a_reply_is_had_again_with_others_for_once(alice: Page, model: OfflineModel) -> None:
    send(alice, "Hello")
    shows(alice, "complete")
    model.forget()
    reply(alice).get_by_role("button", name="Regenerate", exact=True).click()
    reply(alice).get_by_role("button", name="Regenerate with…").click()
    dialog = alice.get_by_role("dialog")
    dialog.get_by_label("Temperature", exact=True).fill("1.5")
    expect(note(dialog, "temperature")).to_have_text("Sent: 1.5, for this reply alone.")
    dialog.get_by_role("button", name="Regenerate", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(reply(alice)).to_contain_text("2 / 2")
    shows(alice, "complete")
    assert model.requests[0].body["temperature"] == 1.5
    send(alice, "Go on")
    shows(alice, "complete")
    assert "temperature" not in model.requests[-1].body


def test_a_json_reply_is_shown_as_it_is(alice: Page, model: OfflineModel) -> None:
    send(alice, "Hello")
    shows(alice, "complete")
    dialog = open_parameters(alice)
    dialog.get_by_label("Reply as", exact=True).select_option(label="A JSON object")
    save(dialog)
    expect(dialog).to_be_hidden()
    model.script(Fault(text='{\n  "a_b_c": "*x*"\n}'))
    send(alice, "And now?")
    shows(alice, "complete")
    expect(body(alice).locator("pre")).to_contain_text('"a_b_c": "*x*"')
    alice.reload()
    expect(body(alice).locator("pre")).to_contain_text('"a_b_c": "*x*"')


@pytest.fixture
def plain(site: Site, new_context: Callable[..., BrowserContext]) -> Page:
    context = new_context(base_url=site.url, java_script_enabled=False)
    session = site.make_session("alice")
    context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
    page = context.new_page()
    page.goto("/")
    return page


def test_without_scripts_it_is_a_page(plain: Page, model: OfflineModel) -> None:
    plain.get_by_role("textbox", name="Message").fill("Hello")
    plain.get_by_role("button", name="Send message").click()
    plain.wait_for_url("**/c/**")
    shows(plain, "complete")
    choose_from_conversation_menu(plain, "Parameters…")
    plain.get_by_label("Temperature", exact=True).fill("0.3")
    plain.get_by_label("Stop words", exact=True).fill("a\nb\nc\nd\ne")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_text("At most 4, one a line.")).to_be_visible()
    expect(plain.get_by_label("Temperature", exact=True)).to_have_value("0.3")
    plain.get_by_role("button", name="Default for Stop words").click()
    plain.get_by_role("button", name="Save").click()
    plain.wait_for_url(re.compile("/c/[^/]*/$"))


@in_both_windows
def test_a_new_chat_begins_with_what_is_set_for_it(alice: Page, model: OfflineModel) -> None:
    box(alice).fill("Hello")
    alice.get_by_role("button", name="Chat menu").click()
    alice.get_by_role("button", name="Parameters…").click()
    dialog = alice.get_by_role("dialog", name="Parameters")
    assert not sticks_out(alice)
    dialog.get_by_label("Temperature", exact=True).fill("0.3")
    expect(note(dialog, "temperature")).to_contain_text("Sent: 0.3")
    save(dialog)
    expect(dialog).to_be_hidden()
    chosen = alice.get_by_role("button", name="Temperature: 0.3")
    chosen.click()
    expect(dialog.get_by_label("Temperature", exact=True)).to_have_value("0.3")
    dialog.get_by_role("button", name="Cancel").click()
    expect(box(alice)).to_have_value("Hello")
    model.forget()
    alice.get_by_role("button", name="Send message").click()
    shows(alice, "complete")
    assert model.requests[0].body["temperature"] == 0.3
