"""The pages by mouse, keyboard and touch, wide and narrow, light and dark."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, OfflineModel
from tests.e2e.site import Site
from tests.e2e.steps import (
    body,
    choose_from_conversation_menu,
    delete_conversation,
    name_of,
    reply,
    send,
    shows,
)

PHONE = {"width": 390, "height": 844}
LONG = """
from chatsite.accounts.models import User
from conversations.models import Conversation, Message
conversation = Conversation.objects.create(
    owner=User.objects.get(username={name!r}), title="A long one", model="test-model"
)
for number in range(120):
    conversation.leaf = conversation.messages.create(
        parent_id=conversation.leaf_id, text=f"This is message {{number}}.",
        role="assistant" if number % 2 else "user",
    )
conversation.save()
print(conversation.get_absolute_url())
"""
# What is behind the page may be painted by the root or by the body.
LOOK = """
() => {
  const paper = [document.body, document.documentElement]
    .map((element) => getComputedStyle(element).backgroundColor)
    .find((colour) => colour !== "rgba(0, 0, 0, 0)");
  const { color, fontFamily } = getComputedStyle(document.body);
  return [paper, color, fontFamily];
}
"""


@pytest.fixture
def long_conversation(site: Site, alice: Page) -> str:
    return site.run(LONG, name=name_of(alice)).strip()


def test_earlier_messages_come_on_demand(alice: Page, long_conversation: str) -> None:
    alice.goto(long_conversation)
    messages = alice.get_by_role("article")
    expect(messages).to_have_count(50)
    expect(messages.last).to_contain_text("message 119.")
    alice.get_by_text("Show earlier messages").click()
    expect(messages).to_have_count(100)
    alice.get_by_text("Show earlier messages").click()
    expect(messages).to_have_count(120)
    expect(messages.first).to_contain_text("message 0.")
    expect(alice.get_by_text("Show earlier messages")).to_have_count(0)


def test_what_is_opened_from_the_list_gets_its_beginning_and_stays_at_its_end(
    alice: Page, long_conversation: str
) -> None:
    alice.goto("/")
    alice.locator(f".sidebar-item[href='{long_conversation}']").click()
    messages = alice.get_by_role("article")
    # What fills some screens comes first, a page of what is before it by itself.
    expect(messages).to_have_count(69)
    expect(messages.first).to_contain_text("message 51.")
    expect(alice.get_by_text("This is message 119.")).to_be_in_viewport()


def test_a_conversation_opens_at_its_end(alice: Page, long_conversation: str) -> None:
    alice.goto(long_conversation)
    expect(alice.get_by_text("This is message 119.")).to_be_in_viewport()


def test_a_reader_who_scrolled_up_is_left_there(
    alice: Page, long_conversation: str, model: OfflineModel
) -> None:
    model.script(Fault(text="A new line.\n\n" * 40))
    alice.goto(long_conversation)
    send(alice, "Write a lot")
    alice.mouse.move(700, 400)
    alice.mouse.wheel(0, -3000)
    shows(alice, "complete")
    jump = alice.get_by_role("button", name="Jump to latest")
    expect(jump).to_be_visible()
    expect(body(alice).locator("p").last).not_to_be_in_viewport()
    jump.click()
    expect(body(alice).locator("p").last).to_be_in_viewport()
    expect(jump).to_be_hidden()


def test_a_reader_at_the_end_stays_there(alice: Page, model: OfflineModel) -> None:
    model.script(Fault(text="A new line.\n\n" * 60 + "The end."))
    send(alice, "Write a lot")
    shows(alice, "complete")
    expect(alice.get_by_text("The end.")).to_be_in_viewport()


def test_the_markdown_of_a_reply_is_copied(
    sign_in: Callable[..., Page], model: OfflineModel
) -> None:
    alice = sign_in(permissions=["clipboard-read", "clipboard-write"])
    model.script(Fault(text="Some **bold** words."))
    send(alice, "Hello")
    shows(alice, "complete")
    reply(alice).hover()
    reply(alice).get_by_role("button", name="Copy").click()
    expect(alice.get_by_role("status")).to_contain_text("Copied")
    assert alice.evaluate("navigator.clipboard.readText()") == "Some **bold** words."


def test_a_code_block_is_copied_alone(sign_in: Callable[..., Page], model: OfflineModel) -> None:
    alice = sign_in(permissions=["clipboard-read", "clipboard-write"])
    model.script(Fault(text="Look:\n\n```python\nprint('hi')\n```\n\nDone."))
    send(alice, "Hello")
    shows(alice, "complete")
    body(alice).get_by_role("button", name="Copy").click()
    expect(body(alice).get_by_role("button", name="Copied")).to_be_visible()
    assert alice.evaluate("navigator.clipboard.readText()").rstrip() == "print('hi')"


def test_a_conversation_is_renamed_in_place(alice: Page) -> None:
    send(alice, "Hello")
    shows(alice, "complete")
    choose_from_conversation_menu(alice, "Rename")
    expect(alice.get_by_role("textbox", name="Title")).to_be_focused()
    alice.keyboard.type("A better name")
    alice.get_by_role("textbox", name="Title").press("Enter")
    expect(alice.get_by_role("heading", level=1)).to_have_text("A better name")
    listed = alice.get_by_role("navigation", name="Conversations")
    expect(listed.get_by_role("link", name="A better name")).to_be_visible()
    expect(alice).to_have_title("A better name · Chat")


def test_a_conversation_is_deleted_after_a_question(alice: Page) -> None:
    send(alice, "Delete me soon")
    shows(alice, "complete")
    url = alice.url
    delete_conversation(alice)
    expect(alice.get_by_role("alert").get_by_text("“Delete me soon” was deleted.")).to_be_visible()
    response = alice.goto(url)
    assert response
    assert response.status == 404


def test_a_new_chat_is_listed_and_found_again(alice: Page) -> None:
    send(alice, "Where did I leave this?")
    shows(alice, "complete")
    url = alice.url
    alice.goto("/")
    listed = alice.get_by_role("navigation", name="Conversations")
    listed.get_by_role("link", name="Where did I leave this?").first.click()
    alice.wait_for_url(url)
    expect(body(alice)).not_to_be_empty()


def test_the_chat_works_by_keyboard_alone(alice: Page, model: OfflineModel) -> None:
    expect(alice.get_by_role("textbox", name="Message")).to_be_focused()
    alice.keyboard.type("By keyboard")
    alice.keyboard.press("Enter")
    shows(alice, "complete")
    expect(alice.get_by_role("textbox", name="Message")).to_be_focused()
    alice.keyboard.type("And again")
    alice.keyboard.press("Enter")
    expect(alice.locator("article[data-role=user]")).to_have_count(2)


def test_composing_with_an_input_method_does_not_send(alice: Page) -> None:
    session = alice.context.new_cdp_session(alice)
    session.send("Input.imeSetComposition", {"text": "に", "selectionStart": 1, "selectionEnd": 1})
    alice.get_by_role("textbox", name="Message").dispatch_event(
        "keydown", {"key": "Enter", "keyCode": 229, "isComposing": True, "bubbles": True}
    )
    expect(alice).to_have_url(alice.url)
    expect(alice.get_by_role("article")).to_have_count(0)


def test_a_phone_shows_the_sidebar_as_a_sheet(sign_in: Callable[..., Page]) -> None:
    page = sign_in(viewport=PHONE, has_touch=True)
    navigation = page.get_by_role("navigation", name="Conversations")
    expect(navigation).to_be_hidden()
    page.get_by_role("button", name="Open sidebar").click()
    expect(navigation).to_be_visible()
    page.get_by_role("button", name="Close sidebar").click()
    expect(navigation).to_be_hidden()


def test_nothing_scrolls_sideways_on_a_narrow_screen(
    sign_in: Callable[..., Page], model: OfflineModel
) -> None:
    wide = "| " + " | ".join(f"column{n}" for n in range(30)) + " |\n" + "|---" * 30 + "|\n"
    model.script(Fault(text=f"{'x' * 300}\n\n```\n{'y' * 300}\n```\n\n{wide}\n\n$${'z+' * 100}z$$"))
    page = sign_in(viewport={"width": 320, "height": 640})
    send(page, "w" * 300)
    shows(page, "complete")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0


def test_nothing_is_asked_of_anybody_else(alice: Page, model: OfflineModel, site: Site) -> None:
    asked: list[str] = []
    alice.on("request", lambda request: asked.append(request.url))
    model.script(Fault(text="![secret](https://evil.example/?q=1) <img src=https://evil.example>"))
    send(alice, "Hello")
    shows(alice, "complete")
    alice.reload()
    assert [url for url in asked if not url.startswith(site.url)] == []


def test_times_are_the_readers_own(sign_in: Callable[..., Page]) -> None:
    page = sign_in(timezone_id="Pacific/Kiritimati")
    send(page, "What time is it?")
    shows(page, "complete")
    page.reload()
    expect(reply(page).locator("time")).to_have_attribute("datetime", re.compile(r"\+14:00$"))


def test_the_administration_breaks_no_policy(sign_in: Callable[..., Page]) -> None:
    page = sign_in("rita")
    for path in ("", "accounts/user/add/", "review/review/", "review/accessentry/"):
        response = page.goto(f"/admin/{path}")
        assert response
        assert response.status == 200


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_administration_has_the_colours_and_type_of_the_chat(
    sign_in: Callable[..., Page], theme: str
) -> None:
    rita = sign_in("rita", color_scheme=theme)
    looks = []
    for path in ("/", "/admin/"):
        rita.goto(path)
        rita.wait_for_load_state()
        looks.append(rita.evaluate(LOOK))
    assert looks[0] == looks[1]
