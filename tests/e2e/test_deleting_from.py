"""Deleting from a message on, and taking that back."""

from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, OfflineModel
from tests.e2e.conftest import OpenPage
from tests.e2e.steps import box, choose_from_menu, reply, shows

PHONE = {"width": 390, "height": 844}


def ask(page: Page, model: OfflineModel, question: str, answer: str) -> None:
    model.script(Fault(text=answer))
    box(page).fill(question)
    page.get_by_role("button", name="Send message").click()
    expect(reply(page).locator(".message-body")).to_have_text(answer)
    shows(page, "complete")


def texts(page: Page) -> list[str]:
    return page.locator("article .message-body").all_inner_texts()


def test_a_message_and_what_follows_is_deleted_and_comes_back(
    sign_in: OpenPage, model: OfflineModel
) -> None:
    page = sign_in(viewport=PHONE, has_touch=True, is_mobile=True)
    ask(page, model, "One", "First.")
    ask(page, model, "Two", "Second.")
    other = page.context.new_page()
    other.goto(page.url)
    question = page.locator("article[data-role=user]").last
    choose_from_menu(question, "Delete from here")
    expect(page.locator("article")).to_have_count(2)
    assert texts(page) == ["One", "First."]
    other.evaluate("htmx.trigger(document.body, 'page:shown')")
    expect(other.locator("article")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("article")).to_have_count(4)
    assert texts(page) == ["One", "First.", "Two", "Second."]
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    other.evaluate("htmx.trigger(document.body, 'page:shown')")
    expect(other.locator("article")).to_have_count(4)


def test_the_reply_that_is_left_takes_the_next_message(
    sign_in: OpenPage, model: OfflineModel
) -> None:
    page = sign_in()
    ask(page, model, "One", "First.")
    ask(page, model, "Two", "Second.")
    choose_from_menu(reply(page), "Delete from here")
    expect(page.locator("article")).to_have_count(3)
    ask(page, model, "Three", "Third.")
    assert texts(page) == ["One", "First.", "Two", "Three", "Third."]
    assert model.requests[-1].body["messages"][-1]["content"] == "Two\n\nThree"
