"""What the model is told: by oneself, by administrators, and where all of it can be read."""

from playwright.sync_api import Locator, Page, expect

from conversations.offline_model import OfflineModel
from tests.e2e.conftest import OpenPage, in_both_windows
from tests.e2e.steps import open_from_conversation_menu, send, shows, sticks_out

SWITCH = "Use my instructions"


def write_instructions(page: Page, *, about_me: str = "I teach.", how: str = "Be short.") -> None:
    page.goto("/accounts/instructions/")
    page.get_by_label("About me").fill(about_me)
    page.get_by_label("How to reply").fill(how)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice")).to_contain_text("Your instructions are saved.")


def open_told(page: Page) -> Locator:
    name = "What the model is told"
    return open_from_conversation_menu(page, name, name)


def told(model: OfflineModel) -> str:
    content: str = model.requests[-1].body["messages"][0]["content"]
    return content


@in_both_windows
def test_what_one_writes_of_oneself_is_told_until_one_turns_it_off(
    alice: Page, model: OfflineModel
) -> None:
    write_instructions(alice)
    assert not sticks_out(alice)
    alice.goto("/")
    expect(alice.get_by_label(SWITCH)).to_be_checked()
    assert not sticks_out(alice)
    send(alice, "Hello")
    shows(alice, "complete")
    assert told(model).endswith(
        "About the user, in their own words:\nI teach.\n\n"
        "How the user wants you to reply, in their own words:\nBe short."
    )

    dialog = open_told(alice)
    expect(dialog.get_by_role("group", name="Your instructions")).to_contain_text("I teach.")
    assert not sticks_out(alice)
    dialog.get_by_label("Use my instructions in this conversation").uncheck()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(alice.locator("#toasts")).to_contain_text("It holds from the next reply on.")
    send(alice, "And now?")
    shows(alice, "complete")
    assert "I teach." not in told(model)


@in_both_windows
def test_a_new_chat_can_do_without(alice: Page, model: OfflineModel) -> None:
    write_instructions(alice)
    alice.goto("/")
    alice.get_by_label(SWITCH).uncheck()
    send(alice, "Hello")
    shows(alice, "complete")
    assert "I teach." not in told(model)
    expect(open_told(alice).get_by_label("Use my instructions in")).not_to_be_checked()


def test_the_characters_are_counted_while_one_types(alice: Page) -> None:
    alice.goto("/accounts/instructions/")
    counter = alice.locator(".character-count").first
    expect(counter).to_have_text("0 of 4,000 characters")
    alice.get_by_label("About me").fill("I teach.")
    expect(counter).to_have_text("8 of 4,000 characters")


def test_who_has_none_finds_the_way_from_what_the_model_is_told(alice: Page) -> None:
    send(alice, "Hello")
    shows(alice, "complete")
    expect(alice.get_by_label(SWITCH)).to_have_count(0)
    dialog = open_told(alice)
    expect(dialog.get_by_role("group", name="Instructions of this site")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    open_told(alice).get_by_role("link", name="Tell the model something about you").click()
    expect(alice.get_by_role("heading", name="Instructions", exact=True)).to_be_visible()


def test_all_of_it_works_without_scripts(sign_in: OpenPage) -> None:
    page = sign_in(java_script_enabled=False)
    write_instructions(page)
    expect(page.locator(".character-count").first).to_have_text("At most 4000 characters.")
    page.goto("/")
    page.get_by_label(SWITCH).uncheck()
    page.get_by_role("textbox", name="Message").fill("Hello")
    page.get_by_role("button", name="Send message").click()
    page.wait_for_url("**/c/**")
    page.goto(f"{page.url.rstrip('/')}/instructions/")
    switch = page.get_by_label("Use my instructions in this conversation")
    expect(switch).not_to_be_checked()
    switch.check()
    page.get_by_role("button", name="Save").click()
    page.goto(f"{page.url.rstrip('/')}/instructions/")
    expect(page.get_by_role("group", name="Your instructions")).to_contain_text("I teach.")
