"""Versions: editing a message, having a reply again, turning them over."""

import pytest
from playwright.sync_api import Locator, Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.conftest import OpenPage
from tests.e2e.steps import body, box, reply, send, shows

PHONE = {"width": 390, "height": 844}


def ask(page: Page, model: OfflineModel, question: str, answer: str) -> None:
    model.script(Fault(text=answer))
    send(page, question)
    expect(body(page)).to_have_text(answer)
    shows(page, "complete")


def question(page: Page, number: int = 0) -> Locator:
    return page.locator("article[data-role=user]").nth(number)


def edit(page: Page, number: int = 0) -> Locator:
    """Opens the form for a message of one's own; its box."""
    question(page, number).hover()
    question(page, number).get_by_role("button", name="Edit message").click()
    return page.get_by_role("textbox", name="Edit message")


def texts(page: Page) -> list[str]:
    return page.locator("article .message-body").all_inner_texts()


def regenerate(page: Page, item: str = "Try again") -> None:
    reply(page).get_by_role("button", name="Regenerate").click()
    reply(page).get_by_role("button", name=item).click()


def test_an_edited_message_gets_a_reply_of_its_own(alice: Page, model: OfflineModel) -> None:
    ask(alice, model, "What is a cat?", "An animal.")
    model.script(Fault(text="A pet."))
    typed = edit(alice)
    expect(typed).to_have_value("What is a cat?")
    expect(typed).to_be_focused()
    typed.fill("What is a dog?")
    typed.press("Enter")
    expect(body(alice)).to_have_text("A pet.")
    assert texts(alice) == ["What is a dog?", "A pet."]
    expect(question(alice).get_by_role("group", name="Versions")).to_contain_text("2 / 2")


def test_the_button_sends_an_edited_message_on_a_phone(
    sign_in: OpenPage, model: OfflineModel
) -> None:
    page = sign_in(viewport=PHONE, has_touch=True, is_mobile=True)
    model.script(Fault(text="An animal."))
    box(page).fill("What is a cat?")
    page.get_by_role("button", name="Send message").tap()
    shows(page, "complete")
    question(page).get_by_role("button", name="Edit message").tap()
    typed = page.get_by_role("textbox", name="Edit message")
    typed.fill("One")
    typed.press("End")
    typed.press("Enter")
    typed.press_sequentially("two")
    model.script(Fault(text="A pet."))
    page.get_by_role("button", name="Send edited message").tap()
    expect(body(page)).to_have_text("A pet.")
    assert texts(page) == ["One\ntwo", "A pet."]


def test_escape_leaves_a_message_as_it_was(alice: Page, model: OfflineModel) -> None:
    ask(alice, model, "What is a cat?", "An animal.")
    typed = edit(alice)
    typed.fill("Something else")
    typed.press("Escape")
    expect(typed).to_have_count(0)
    expect(question(alice).locator(".message-body")).to_have_text("What is a cat?")
    expect(question(alice).get_by_role("button", name="Edit message")).to_be_focused()
    alice.reload()
    alice.wait_for_load_state()
    expect(typed).to_have_count(0)


def test_what_was_typed_into_a_message_survives_a_reload(alice: Page, model: OfflineModel) -> None:
    ask(alice, model, "What is a cat?", "An animal.")
    edit(alice).fill("What is a tiger?")
    alice.reload()
    expect(alice.get_by_role("textbox", name="Edit message")).to_have_value("What is a tiger?")


def test_an_edit_while_a_reply_runs_is_refused_and_kept(alice: Page, model: OfflineModel) -> None:
    ask(alice, model, "What is a cat?", "An animal.")
    gate = Gate()
    model.script(Fault(text="Slow.", gate=gate))
    send(alice, "And a dog?")
    typed = edit(alice)
    typed.fill("What is a tiger?")
    typed.press("Enter")
    expect(question(alice).get_by_role("alert")).to_contain_text("still being written")
    expect(typed).to_have_value("What is a tiger?")
    gate.open()
    shows(alice, "complete")


def test_a_reply_is_had_again_and_both_are_kept(alice: Page, model: OfflineModel) -> None:
    ask(alice, model, "Tell me", "First.")
    model.script(Fault(text="Second."))
    regenerate(alice)
    expect(body(alice)).to_have_text("Second.")
    shows(alice, "complete")
    expect(reply(alice)).to_contain_text("2 / 2")
    alice.get_by_role("button", name="Previous version").click()
    expect(body(alice)).to_have_text("First.")
    expect(reply(alice)).to_contain_text("1 / 2")
    assert texts(alice) == ["Tell me", "First."]


def test_a_shorter_reply_is_asked_for_in_words(alice: Page, model: OfflineModel) -> None:
    ask(alice, model, "Tell me", "First.")
    model.script(Fault(text="Short."))
    regenerate(alice, "Shorter")
    expect(body(alice)).to_have_text("Short.")
    shows(alice, "complete")
    asked = model.requests[-1].body["messages"][-1]
    assert asked["role"] == "user"
    assert asked["content"].startswith("Tell me\n\n(Answer in about half as many words")


def test_the_branch_looked_at_last_is_shown_again(alice: Page, model: OfflineModel) -> None:
    ask(alice, model, "One", "First.")
    ask(alice, model, "Two", "Second.")
    model.script(Fault(text="Other."))
    typed = edit(alice)
    typed.fill("Another one")
    typed.press("Enter")
    expect(body(alice)).to_have_text("Other.")
    shows(alice, "complete")
    alice.get_by_role("button", name="Previous version").click()
    expect(body(alice)).to_have_text("Second.")
    alice.reload()
    assert texts(alice) == ["One", "First.", "Two", "Second."]


def test_arrow_keys_turn_the_versions_of_a_message_over(alice: Page, model: OfflineModel) -> None:
    ask(alice, model, "Tell me", "First.")
    model.script(Fault(text="Second."))
    regenerate(alice)
    expect(body(alice)).to_have_text("Second.")
    shows(alice, "complete")
    reply(alice).focus()
    alice.keyboard.press("ArrowLeft")
    expect(body(alice)).to_have_text("First.")
    alice.keyboard.press("ArrowRight")
    expect(body(alice)).to_have_text("Second.")


def test_a_switch_does_not_scroll(alice: Page, model: OfflineModel) -> None:
    long = "A line.\n\n" * 60
    ask(alice, model, "One", "First.")
    model.script(Fault(text=long))
    typed = edit(alice)
    typed.fill("Another")
    typed.press("Enter")
    expect(typed).to_have_count(0)
    shows(alice, "complete")
    send(alice, "More")
    shows(alice, "complete")
    alice.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    before = question(alice).bounding_box()
    question(alice).get_by_role("button", name="Previous version").click()
    expect(body(alice)).to_have_text("First.")
    after = question(alice).bounding_box()
    assert before
    assert after
    assert after["y"] == pytest.approx(before["y"], abs=1)


def test_a_message_sent_from_another_tab_lands_on_the_branch_that_tab_shows(
    alice: Page, model: OfflineModel
) -> None:
    ask(alice, model, "One", "First.")
    other = alice.context.new_page()
    other.goto(alice.url)
    model.script(Fault(text="Second."))
    regenerate(other)
    expect(body(other)).to_have_text("Second.")
    shows(other, "complete")
    model.script(Fault(text="To the first."))
    box(alice).fill("Go on")
    box(alice).press("Enter")
    expect(body(alice)).to_have_text("To the first.")
    assert texts(alice) == ["One", "First.", "Go on", "To the first."]


def test_a_tab_that_is_shown_again_has_the_branch_chosen_elsewhere(
    alice: Page, model: OfflineModel
) -> None:
    ask(alice, model, "One", "First.")
    other = alice.context.new_page()
    other.goto(alice.url)
    model.script(Fault(text="Second."))
    regenerate(other)
    expect(body(other)).to_have_text("Second.")
    shows(other, "complete")
    alice.evaluate("htmx.trigger(document.body, 'page:shown')")
    expect(body(alice)).to_have_text("Second.")
    assert texts(alice) == ["One", "Second."]


def test_a_reply_that_runs_in_another_version_is_marked(alice: Page, model: OfflineModel) -> None:
    ask(alice, model, "One", "First.")
    gate = Gate()
    model.script(Fault(text="Second.", gate=gate))
    regenerate(alice)
    expect(reply(alice)).to_contain_text("2 / 2")
    alice.get_by_role("button", name="Previous version").click()
    expect(body(alice)).to_have_text("First.")
    expect(reply(alice)).to_contain_text("A reply is being written in another version")
    gate.open()
    alice.get_by_role("button", name="Next version").click()
    expect(body(alice)).to_have_text("Second.")
    shows(alice, "complete")


def test_a_reply_s_text_is_edited_and_sent_from_then_on(alice: Page, model: OfflineModel) -> None:
    ask(alice, model, "One", "First.")
    reply(alice).get_by_role("button", name="Edit reply").click()
    typed = alice.get_by_role("textbox", name="Edit reply")
    typed.fill("Mine.")
    alice.get_by_role("button", name="Save edited reply").click()
    expect(body(alice)).to_have_text("Mine.")
    expect(reply(alice)).to_contain_text("Edited by you")
    ask(alice, model, "Two", "Second.")
    assert model.requests[-1].body["messages"][-2] == {"role": "assistant", "content": "Mine."}
