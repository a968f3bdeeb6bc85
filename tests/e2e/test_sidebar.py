"""The list of conversations keeps its place, however long it is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.site import Site
from tests.e2e.steps import choose_from_conversation_menu, name_of, send, shows, wait_on_page

MANY = """
from datetime import timedelta
from django.utils import timezone
from chatsite.accounts.models import User
from conversations.models import Conversation
now = timezone.now()
Conversation.objects.bulk_create(
    Conversation(
        owner=User.objects.get(username={name!r}), title=f"Talk {{n}}", model="test-model",
        last_activity_at=now - timedelta(hours=n),
    )
    for n in range({count})
)
"""


def fill(site: Site, page: Page, count: int) -> Page:
    """Gives somebody so many conversations."""
    site.run(MANY, name=name_of(page), count=count)
    page.reload()
    return page


@pytest.fixture
def reader(site: Site, dora: Page) -> Page:
    """Somebody with two hundred conversations."""
    return fill(site, dora, 200)


def listed(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Conversations")


def talk(page: Page, number: int) -> Locator:
    return listed(page).get_by_role("link", name=f"Talk {number}", exact=True)


def scroll_to(page: Page, number: int, *, up: bool = False) -> None:
    """Scrolls the list until it holds the conversation."""
    links = listed(page).get_by_role("link")

    def is_reached() -> bool:
        (links.first if up else links.last).scroll_into_view_if_needed()
        return talk(page, number).count() > 0

    wait_on_page(page, is_reached, f"conversation {number} in the list")
    talk(page, number).scroll_into_view_if_needed()


def height(row: Locator) -> float:
    box = row.bounding_box()
    assert box
    return box["y"]


def test_a_conversation_far_down_stays_where_it_was_clicked(reader: Page) -> None:
    scroll_to(reader, 130)
    before = height(talk(reader, 130))
    talk(reader, 130).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Talk 130")
    expect(talk(reader, 130)).to_have_attribute("aria-current", "page")
    assert abs(height(talk(reader, 130)) - before) < 2


def test_a_conversation_opened_by_its_address_is_in_sight(reader: Page) -> None:
    scroll_to(reader, 130)
    address = talk(reader, 130).get_attribute("href")
    page = reader.context.new_page()
    page.goto(f"{reader.url.rstrip('/')}{address}")
    expect(talk(page, 130)).to_be_in_viewport()


def test_scrolling_up_brings_the_newer_ones_without_a_jump(reader: Page) -> None:
    scroll_to(reader, 130)
    talk(reader, 130).click()
    expect(talk(reader, 130)).to_have_attribute("aria-current", "page")
    scroll_to(reader, 0, up=True)
    names = listed(reader).get_by_role("link").all_inner_texts()
    assert names == [f"Talk {number}" for number in range(len(names))]


def test_a_list_has_two_hundred_rows_however_far_it_is_scrolled(site: Site, dora: Page) -> None:
    fill(site, dora, 420)
    scroll_to(dora, 400)
    names = listed(dora).get_by_role("link").all_inner_texts()
    assert names == [f"Talk {number}" for number in range(420 - len(names), 420)]
    assert len(names) == 200
    scroll_to(dora, 0, up=True)
    names = listed(dora).get_by_role("link").all_inner_texts()
    assert names == [f"Talk {number}" for number in range(200)]
    assert len(set(listed(dora).get_by_role("heading").all_inner_texts())) == (
        listed(dora).get_by_role("heading").count()
    )
    scroll_to(dora, 230)


def test_a_renamed_conversation_far_down_stays_in_its_place(reader: Page) -> None:
    scroll_to(reader, 130)
    talk(reader, 130).click()
    expect(talk(reader, 130)).to_have_attribute("aria-current", "page")
    before = height(talk(reader, 130))
    choose_from_conversation_menu(reader, "Rename")
    reader.keyboard.type("Called otherwise")
    reader.keyboard.press("Enter")
    renamed = listed(reader).get_by_role("link", name="Called otherwise")
    expect(renamed).to_be_visible()
    assert abs(height(renamed) - before) < 2


def test_a_conversation_that_is_written_in_again_is_seen_at_the_top(reader: Page) -> None:
    scroll_to(reader, 130)
    talk(reader, 130).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Talk 130")
    send(reader, "Up again")
    shows(reader, "complete")
    expect(listed(reader).get_by_role("link").first).to_have_text("Talk 130")
    expect(talk(reader, 130)).to_be_in_viewport()


def test_a_change_elsewhere_leaves_the_list_where_it_is_read(
    reader: Page, sign_in: Callable[..., Page]
) -> None:
    scroll_to(reader, 130)
    before = height(talk(reader, 130))
    elsewhere = sign_in(name_of(reader))
    with reader.expect_response("**/conversations/?around=*"):
        send(elsewhere, "Something new")
    expect(talk(reader, 20)).to_have_count(0)
    assert abs(height(talk(reader, 130)) - before) < 2


def test_a_menu_far_from_what_is_open_leaves_the_list_where_it_is(reader: Page) -> None:
    talk(reader, 0).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Talk 0")
    scroll_to(reader, 130)
    before = height(talk(reader, 130))
    reader.get_by_role("button", name="Options for Talk 130").click()
    expect(reader.get_by_role("button", name="Archive", exact=True)).to_be_visible()
    assert abs(height(talk(reader, 130)) - before) < 2


def test_on_a_phone_the_sheet_opens_at_the_conversation(
    reader: Page, sign_in: Callable[..., Page]
) -> None:
    scroll_to(reader, 130)
    address = talk(reader, 130).get_attribute("href")
    phone = sign_in(name_of(reader), viewport={"width": 390, "height": 844}, has_touch=True)
    phone.goto(f"{reader.url.rstrip('/')}{address}")
    phone.get_by_role("button", name="Open sidebar").click()
    expect(talk(phone, 130)).to_be_in_viewport()


def test_with_a_closed_sidebar_a_new_chat_is_one_click_away(alice: Page) -> None:
    send(alice, "Hello")
    shows(alice, "complete")
    alice.get_by_role("button", name="Hide sidebar").click()
    alice.get_by_role("link", name="New chat").click()
    expect(alice.get_by_role("article")).to_have_count(0)
    alice.get_by_role("button", name="Show sidebar").click()
    expect(listed(alice)).to_be_visible()
