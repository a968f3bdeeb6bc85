"""Search in the sidebar, by keyboard, and where its results lead."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import in_both_windows
from tests.e2e.site import Site
from tests.e2e.steps import name_of

MADE = """
from chatsite.accounts.models import User
from conversations.outbox import worker
from tests.factories import add_message, extend_branch, make_conversation
owner = User.objects.get(username={name!r})
talk = make_conversation(owner, "Where is the harbour?", "Beside the lighthouse.", title="Journeys")
question = talk.messages.earliest("pk")
extend_branch(talk, 60)
add_message(talk, parent=question, role="assistant", text="Behind the zeppelin.")
for number in range(12):
    make_conversation(owner, "Hello", title=f"Walk {{number}}")
make_conversation(owner, "Hello", title="Greetings")
worker.process_outbox()
"""


@pytest.fixture
def reader(site: Site, dora: Page) -> Page:
    """Somebody with two conversations, at a new chat."""
    site.run(MADE, name=name_of(dora))
    dora.reload()
    return dora


def field(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Search conversations", exact=True)


def search_for(page: Page, text: str) -> None:
    page.keyboard.press("Control+k")
    field(page).fill(text)


def results(page: Page) -> Locator:
    return page.locator(".search-result")


@in_both_windows
def test_a_result_opens_at_its_message(reader: Page) -> None:
    reader.keyboard.press("Control+k")
    expect(field(reader)).to_be_focused()
    reader.keyboard.type("lighthouse", delay=20)
    expect(results(reader)).to_have_count(1)
    expect(results(reader).locator("mark")).to_have_text("lighthouse")
    expect(reader.locator("#sidebar-list")).to_be_hidden()
    reader.keyboard.press("ArrowDown")
    expect(results(reader)).to_be_focused()
    reader.keyboard.press("Enter")
    message = reader.locator("article:target")
    expect(message).to_contain_text("Beside the lighthouse.")
    expect(message).to_be_in_viewport(ratio=1)


def test_a_result_on_another_branch_is_shown_from_then_on(reader: Page) -> None:
    search_for(reader, "zeppelin")
    with reader.expect_response("**/show/"):
        results(reader).click()
    expect(reader.locator("article:target")).to_contain_text("Behind the zeppelin.")
    reader.goto(reader.url.partition("?")[0])
    expect(reader.locator("article").last).to_contain_text("Behind the zeppelin.")


def test_the_keyboard_goes_on_from_what_show_more_brings(reader: Page) -> None:
    search_for(reader, "walk")
    more = reader.get_by_role("link", name="Show more titles")
    more.focus()
    more.press("Enter")
    expect(results(reader)).to_have_count(10)
    expect(results(reader).nth(5)).to_be_focused()


def test_escape_gives_the_list_and_the_focus_back(reader: Page) -> None:
    box = reader.get_by_role("textbox", name="Message")
    box.focus()
    search_for(reader, "nowhere to be found")
    expect(reader.get_by_text("Nothing was found")).to_be_visible()
    reader.keyboard.press("Escape")
    expect(field(reader)).to_have_value("")
    expect(box).to_be_focused()
    expect(reader.locator("#sidebar-list")).to_be_visible()


def test_the_keys_open_the_sheet_of_a_phone(reader: Page) -> None:
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.keyboard.press("Control+k")
    expect(field(reader)).to_be_focused()
    reader.keyboard.type("lighthouse")
    expect(results(reader)).to_have_count(1)


def test_the_keys_show_a_sidebar_that_is_hidden(reader: Page) -> None:
    reader.get_by_role("button", name="Hide sidebar").click()
    expect(field(reader)).to_be_hidden()
    reader.keyboard.press("Control+k")
    expect(field(reader)).to_be_focused()


def test_the_same_words_are_searched_again_after_escape(reader: Page) -> None:
    for _ in range(2):
        reader.keyboard.press("Control+k")
        reader.keyboard.type("lighthouse")
        expect(results(reader)).to_have_count(1)
        reader.keyboard.press("Escape")
        expect(results(reader)).to_have_count(0)
