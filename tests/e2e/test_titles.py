"""The model's title appears by itself wherever the conversation's title stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.conftest import OpenPage
from tests.e2e.site import Site
from tests.e2e.steps import box, choose_from_conversation_menu, shows

PHONE = {"width": 390, "height": 844}
TITLE = "Heaps of fun"


@pytest.fixture(scope="module")
def titling_site(
    inhabited: Path, offline_model: OfflineModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("titles"), offline_model.base_url, TITLES="model")
    site.begin_as(inhabited)
    site.start()
    yield site
    site.stop()


def ask(page: Page, model: OfflineModel) -> Gate:
    """Has a first message answered; its conversation's title waits for the gate."""
    gate = Gate()
    model.script(Fault(text="They are trees."), Fault(text=TITLE, gate=gate))
    box(page).wait_for()
    page.wait_for_load_state()
    box(page).fill("Please explain binary heaps to me")
    page.get_by_role("button", name="Send message").click()
    shows(page, "complete")
    model.wait_for_request(2)
    return gate


def is_titled(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page).to_have_title(f"{TITLE} · Chat")
    expect(page.locator("article .stream")).to_have_count(0)


def is_listed(page: Page) -> None:
    listed = page.get_by_role("navigation", name="Conversations")
    expect(listed.get_by_role("link", name=TITLE, exact=True).first).to_be_visible()


def test_a_title_appears_in_every_tab_and_disturbs_nobody(
    titling_site: Site, sign_in_to: OpenPage, model: OfflineModel
) -> None:
    page = sign_in_to(titling_site.url)
    elsewhere = page.context.new_page()
    elsewhere.goto("/")
    gate = ask(page, model)
    second = page.context.new_page()
    second.goto(page.url)
    box(page).fill("And what is")
    choose_from_conversation_menu(page, "Rename")
    page.get_by_label("Title").fill("Mine")
    gate.open()
    is_titled(page)
    is_listed(page)
    is_titled(second)
    is_listed(second)
    is_listed(elsewhere)
    shows(page, "complete")
    expect(page.get_by_label("Title")).to_be_focused()
    expect(page.get_by_label("Title")).to_have_value("Mine")
    page.keyboard.press("Escape")
    expect(box(page)).to_have_value("And what is")


def test_a_title_that_came_while_another_conversation_was_open_is_there_when_one_comes_back(
    titling_site: Site, sign_in_to: OpenPage, model: OfflineModel
) -> None:
    page = sign_in_to(titling_site.url)
    gate = ask(page, model)
    listed = page.get_by_role("navigation", name="Conversations")
    listed.get_by_role("link", name="Please explain binary heaps to me").wait_for()
    own = page.url
    page.get_by_role("link", name="New chat").first.click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(
        "Please explain binary heaps to me"
    )
    gate.open()
    listed.locator(f"[href='{own.removeprefix(titling_site.url)}']").click()
    is_titled(page)
    is_listed(page)


def test_a_title_appears_on_a_phone_and_the_next_message_need_not_wait(
    titling_site: Site, sign_in_to: OpenPage, model: OfflineModel
) -> None:
    page = sign_in_to(titling_site.url, viewport=PHONE, has_touch=True, is_mobile=True)
    gate = ask(page, model)
    model.script(Fault(text="Yes."))
    box(page).fill("Really?")
    page.get_by_role("button", name="Send message").click()
    expect(page.locator("article .message-body").last).to_have_text("Yes.")
    gate.open()
    is_titled(page)
    page.get_by_role("button", name="Open sidebar").click()
    is_listed(page)
