"""The list of conversations follows what happens elsewhere, by itself."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.conftest import OpenPage, in_both_windows
from tests.e2e.steps import name_of, open_sidebar, reply, send, shows, words
from tests.e2e.test_options import choose


def row(page: Page, title: str) -> Locator:
    nav = page.get_by_role("navigation", name="Conversations")
    return nav.get_by_role("listitem").filter(has_text=title)


@pytest.fixture
def elsewhere(dora: Page, sign_in: OpenPage) -> Page:
    """The same user on another device, in a new chat."""
    return sign_in(name_of(dora))


def test_a_conversation_begun_on_another_device_is_listed(dora: Page, elsewhere: Page) -> None:
    send(elsewhere, "Walnuts or figs?")
    expect(row(dora, "Walnuts or figs?")).to_be_visible()


def test_one_that_is_archived_on_another_device_leaves_the_list(
    dora: Page, elsewhere: Page
) -> None:
    send(dora, "Walnuts or figs?")
    shows(dora, "complete")
    choose(elsewhere, "Walnuts or figs?", "Archive")
    expect(row(dora, "Walnuts or figs?")).to_have_count(0)
    expect(dora.get_by_role("heading", level=1)).to_have_text("Walnuts or figs?")


def test_a_reply_that_was_watched_to_its_end_is_not_marked(dora: Page) -> None:
    send(dora, "Walnuts or figs?")
    shows(dora, "complete")
    dora.goto("/")
    expect(row(dora, "Walnuts or figs?")).not_to_have_attribute("data-state", "unseen")


@in_both_windows
def test_a_reply_that_ends_unseen_is_marked_until_it_is_looked_at(
    dora: Page, model: OfflineModel
) -> None:
    gate = Gate()
    model.script(Fault(text=words(20), gate=gate))
    send(dora, "Walnuts or figs?")
    gate.release(5)
    expect(reply(dora)).to_contain_text("word3")
    dora.get_by_role("link", name="New chat").first.click()
    expect(dora.locator(".greeting")).to_be_visible()
    open_sidebar(dora)
    link = row(dora, "Walnuts or figs?").get_by_role("link")
    expect(link).to_have_accessible_description(re.compile("A reply is being written"))
    gate.open()
    expect(link).to_have_accessible_description(re.compile("A new reply"))
    expect(dora).to_have_title("(1) New chat · Chat")
    link.click()
    expect(reply(dora)).to_contain_text("word19.")
    expect(dora).to_have_title("Walnuts or figs? · Chat")
    open_sidebar(dora)
    expect(row(dora, "Walnuts or figs?")).not_to_have_attribute("data-state", "unseen")


def test_tabs_of_one_browser_share_one_feed(dora: Page) -> None:
    asked: list[str] = []
    others = [dora.context.new_page() for _ in range(2)]
    for page in others:
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/")
    send(others[0], "Walnuts or figs?")
    for page in (dora, others[1]):
        page.bring_to_front()
        expect(row(page, "Walnuts or figs?")).to_be_visible()
    assert not [url for url in asked if "/feed/" in url]


def test_another_tab_takes_the_feed_over_when_its_own_closes(dora: Page, elsewhere: Page) -> None:
    second = dora.context.new_page()
    second.goto("/")
    with second.expect_request("**/conversations/feed/"):
        dora.close()
    send(elsewhere, "Walnuts or figs?")
    expect(row(second, "Walnuts or figs?")).to_be_visible()
