"""Comparing two replies: setting it up, both side by side, Stop, and keeping one."""

import re

from playwright.sync_api import Locator, Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.conftest import OpenPage
from tests.e2e.steps import box, choose_from_conversation_menu, send, shows

PHONE = {"width": 390, "height": 844}


def replies(page: Page) -> Locator:
    return page.locator("article[data-role=assistant]")


def begin(page: Page, model: OfflineModel) -> None:
    """Has a conversation, whose next message will be compared."""
    model.script(Fault(text="Hello."))
    send(page, "Hello")
    shows(page, "complete")
    choose(page)


def choose(page: Page) -> None:
    choose_from_conversation_menu(page, "Compare two replies…")
    page.get_by_label("Temperature").fill("0.2")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_text("Compared with Temperature 0.2")).to_be_visible()


def compare(page: Page, model: OfflineModel) -> None:
    begin(page, model)
    model.script(Fault(text="One way.", times=2))
    send(page, "Which way?")
    expect(page.get_by_role("button", name="Keep this reply")).to_have_count(2)


def test_both_replies_stand_side_by_side(alice: Page, model: OfflineModel) -> None:
    compare(alice, model)
    first, second = (replies(alice).nth(number).bounding_box() for number in (1, 2))
    assert first
    assert second
    assert first["y"] == second["y"]
    assert first["x"] + first["width"] <= second["x"]


def test_on_a_phone_one_stands_below_the_other(sign_in: OpenPage, model: OfflineModel) -> None:
    page = sign_in(viewport=PHONE)
    compare(page, model)
    first, second = (replies(page).nth(number).bounding_box() for number in (1, 2))
    assert first
    assert second
    assert first["y"] + first["height"] <= second["y"]


def test_above_the_second_stands_what_it_was_made_with(alice: Page, model: OfflineModel) -> None:
    compare(alice, model)
    expect(replies(alice).nth(2)).to_contain_text("Temperature 0.2")


def test_the_one_that_is_kept_stands_alone_with_the_other_as_a_version(
    alice: Page, model: OfflineModel
) -> None:
    compare(alice, model)
    replies(alice).nth(2).get_by_role("button", name="Keep this reply").click()
    expect(replies(alice)).to_have_count(2)
    expect(replies(alice).last).to_contain_text("2 / 2")
    expect(alice.get_by_role("button", name="Keep this reply")).to_have_count(0)


def test_the_first_can_be_kept_too(alice: Page, model: OfflineModel) -> None:
    compare(alice, model)
    replies(alice).nth(1).get_by_role("button", name="Keep this reply").click()
    expect(replies(alice)).to_have_count(2)
    expect(replies(alice).last).to_contain_text("1 / 2")


def test_the_next_message_goes_on_with_the_first(alice: Page, model: OfflineModel) -> None:
    compare(alice, model)
    model.script(Fault(text="On we go."))
    send(alice, "Go on")
    expect(replies(alice).last).to_contain_text("On we go.")
    expect(replies(alice)).to_have_count(3)
    expect(alice.locator("[data-compared]")).to_have_count(0)
    expect(replies(alice).nth(1)).to_contain_text("1 / 2")


def test_one_message_is_compared_and_the_next_is_not(alice: Page, model: OfflineModel) -> None:
    compare(alice, model)
    expect(alice.get_by_text("Compared with")).to_have_count(0)


def test_comparing_can_be_called_off(alice: Page, model: OfflineModel) -> None:
    begin(alice, model)
    alice.get_by_role("button", name="Don’t compare").click()
    model.script(Fault(text="One way."))
    send(alice, "Which way?")
    expect(replies(alice).last).to_contain_text("One way.")
    expect(replies(alice)).to_have_count(2)


def test_both_survive_a_reload(alice: Page, model: OfflineModel) -> None:
    compare(alice, model)
    alice.reload()
    expect(alice.get_by_role("button", name="Keep this reply")).to_have_count(2)


def test_both_stream_and_stop_ends_both(alice: Page, model: OfflineModel) -> None:
    begin(alice, model)
    # One each: a reply would take both of one.
    gates = [Gate(), Gate()]
    model.script(*[Fault(text="One two three.", gate=gate) for gate in gates])
    send(alice, "Which way?")
    for gate in gates:
        gate.release()
    for number in (1, 2):
        expect(replies(alice).nth(number)).to_contain_text("One")
        expect(replies(alice).nth(number)).to_have_attribute("data-status", "streaming")
    alice.get_by_role("button", name="Stop generating").click()
    for number in (1, 2):
        expect(replies(alice).nth(number)).to_have_attribute("data-status", "stopped")
    for gate in gates:
        gate.open()


def test_another_tab_shows_which_one_was_kept(alice: Page, model: OfflineModel) -> None:
    compare(alice, model)
    other = alice.context.new_page()
    other.goto(alice.url)
    expect(other.get_by_role("button", name="Keep this reply")).to_have_count(2)
    replies(other).nth(2).get_by_role("button", name="Keep this reply").click()
    expect(replies(other)).to_have_count(2)
    alice.bring_to_front()
    alice.evaluate("htmx.trigger(document.body, 'page:shown')")
    expect(replies(alice)).to_have_count(2)
    expect(replies(alice).last).to_contain_text("2 / 2")


def test_the_keyboard_goes_back_to_the_message(alice: Page, model: OfflineModel) -> None:
    begin(alice, model)
    expect(box(alice)).to_be_focused()


def test_what_would_be_alike_is_said_in_the_dialog(alice: Page, model: OfflineModel) -> None:
    model.script(Fault(text="Hello."))
    send(alice, "Hello")
    shows(alice, "complete")
    choose_from_conversation_menu(alice, "Compare two replies…")
    alice.get_by_role("button", name="Compare", exact=True).click()
    expect(alice.get_by_text(re.compile("Both replies would be made alike"))).to_be_visible()
    expect(alice.get_by_role("dialog")).to_be_visible()


def test_a_new_chat_begins_with_two_replies(alice: Page, model: OfflineModel) -> None:
    alice.get_by_role("button", name="Chat menu").click()
    alice.get_by_role("button", name="Compare two replies…").click()
    alice.get_by_label("Temperature").fill("0.2")
    alice.get_by_role("button", name="Compare", exact=True).click()
    expect(alice.get_by_text("Compared with Temperature 0.2")).to_be_visible()
    model.script(Fault(text="One way.", times=2))
    send(alice, "Which way?")
    expect(alice.get_by_role("button", name="Keep this reply")).to_have_count(2)
