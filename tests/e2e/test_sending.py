"""What is typed is sent once, or kept."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.site import PASSWORD
from tests.e2e.steps import box, name_of, send, shows


@pytest.fixture
def gate(model: OfflineModel) -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


def test_a_double_click_sends_once(alice: Page) -> None:
    send(alice, "Hello")
    shows(alice, "complete")
    box(alice).fill("Twice?")
    alice.get_by_role("button", name="Send message").dblclick()
    expect(alice.locator("article[data-role=user]")).to_have_count(2)
    shows(alice, "complete")
    alice.reload()
    expect(alice.locator("article[data-role=user]")).to_have_count(2)


def test_the_back_button_and_the_same_form_again_make_one_conversation(alice: Page) -> None:
    listed = alice.get_by_role("navigation", name="Conversations").get_by_role("link")
    send(alice, "Only one of these please")
    shows(alice, "complete")
    url = alice.url
    alice.go_back()
    box(alice).fill("Only one of these please")
    box(alice).press("Enter")
    alice.wait_for_url("**/c/**")
    alice.goto(url)
    expect(listed.filter(has_text="Only one of these please").first).to_be_visible()


def test_a_message_while_a_reply_runs_stays_in_the_box(
    alice: Page, model: OfflineModel, gate: Gate
) -> None:
    model.script(Fault(gate=gate))
    send(alice, "Hello")
    box(alice).fill("And another thing")
    box(alice).press("Enter")
    expect(alice.get_by_role("alert").first).to_contain_text("still being written")
    expect(box(alice)).to_have_value("And another thing")
    gate.open()
    shows(alice, "complete")
    box(alice).press("Enter")
    expect(alice.locator("article[data-role=user]").last).to_contain_text("And another thing")
    expect(box(alice)).to_have_value("")


def test_a_fourth_reply_at_once_is_refused_and_the_text_stays(
    alice: Page, model: OfflineModel, gate: Gate
) -> None:
    model.script(*[Fault(gate=gate)] * 3)
    for text in ("One", "Two", "Three"):
        alice.goto("/")
        send(alice, text)
    alice.goto("/")
    box(alice).fill("Four")
    box(alice).press("Enter")
    expect(alice.get_by_role("alert").first).to_contain_text("3 of your replies")
    expect(box(alice)).to_have_value("Four")


def test_text_survives_an_expired_session(alice: Page) -> None:
    name = name_of(alice)
    send(alice, "Hello")
    shows(alice, "complete")
    url = alice.url
    box(alice).type("Don't lose this")
    alice.context.clear_cookies(name="sessionid")
    box(alice).press("Enter")
    alice.wait_for_url("**/accounts/login/**")
    alice.get_by_label("Username or email").fill(name)
    alice.get_by_label("Password", exact=True).fill(PASSWORD)
    alice.get_by_role("button", name="Sign in").click()
    alice.wait_for_url(url)
    expect(box(alice)).to_have_value("Don't lose this")
    box(alice).press("Enter")
    expect(alice.locator("article[data-role=user]")).to_have_count(2)


def test_text_survives_a_reload(alice: Page) -> None:
    box(alice).type("Half a thought")
    alice.reload()
    expect(box(alice)).to_have_value("Half a thought")


def test_text_survives_a_dropped_line(alice: Page) -> None:
    send(alice, "Hello")
    shows(alice, "complete")
    alice.context.set_offline(True)
    box(alice).type("Into the void")
    box(alice).press("Enter")
    expect(alice.get_by_role("alert").first).to_contain_text("Your text is still here")
    expect(box(alice)).to_have_value("Into the void")
    alice.context.set_offline(False)
    box(alice).press("Enter")
    expect(alice.locator("article[data-role=user]")).to_have_count(2)


def test_half_a_surrogate_pair_is_sent_once_and_leaves_the_box(alice: Page) -> None:
    box(alice).evaluate("box => { box.value = 'Half \\ud83d of it'; }")
    box(alice).dispatch_event("input")
    box(alice).press("Enter")
    expect(alice.locator("article[data-role=user] .message-body")).to_have_text("Half \ufffd of it")
    expect(box(alice)).to_have_value("")
    alice.reload()
    expect(box(alice)).to_have_value("")


def test_a_message_that_nobody_sees_is_refused(alice: Page) -> None:
    box(alice).fill("\u200b\u2060")
    box(alice).press("Enter")
    expect(alice.get_by_role("alert").first).to_have_text("Write a message first.")


def test_shift_and_enter_breaks_the_line(alice: Page) -> None:
    box(alice).type("One")
    box(alice).press("Shift+Enter")
    box(alice).type("Two")
    expect(box(alice)).to_have_value("One\nTwo")


def test_a_starter_is_put_into_the_box(alice: Page) -> None:
    starters = alice.get_by_role("list", name="Ways to begin")
    starters.get_by_role("button", name="Compare options").click()
    expect(box(alice)).to_be_focused()
    expect(box(alice)).to_have_value(re.compile("^Compare PostgreSQL"))
    expect(starters).to_be_hidden()
    expect(alice.locator("article")).to_have_count(0)
    box(alice).fill("")
