"""An export as an administrator meets it: the file comes, and the page says how far it is."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site

MAKE = """
from chatsite.accounts.models import User
from conversations.review.services import changes
from tests.factories import make_conversation
alice = User.objects.get(username="alice")
for number in range(3):
    make_conversation(alice, "Hello", "Hello to you.", title="To be exported")
changes.drain()
"""
FORGET = """
from conversations.models import Conversation
Conversation.objects.filter(title="To be exported").delete()
"""


@pytest.fixture
def ada(site: Site, sign_in: Callable[..., Page]) -> Iterator[Page]:
    site.manage("shell", "--no-imports", "-c", MAKE)
    yield sign_in("ada")
    site.manage("shell", "--no-imports", "-c", FORGET)


def test_the_file_comes_and_the_page_says_so(ada: Page) -> None:
    ada.goto("/admin/review/export/")
    with ada.expect_download() as download:
        ada.get_by_role("button", name="Export").click()
    lines = download.value.path().read_text().splitlines()
    assert json.loads(lines[0])["messages"][-1]["role"] == "assistant"
    latest = ada.get_by_role("region", name="Your latest exports").get_by_role("listitem").first
    expect(latest).to_contain_text("Done:")


def test_everything_can_be_reached_by_keyboard(ada: Page) -> None:
    ada.goto("/admin/review/export/")
    ada.get_by_role("radio", name="JSONL for fine-tuning").focus()
    ada.keyboard.press("ArrowDown")
    expect(ada.get_by_role("radio", name="JSONL with everything")).to_be_checked()
    ada.keyboard.press("Tab")
    expect(ada.get_by_role("textbox", name="Reason")).to_be_focused()
    ada.keyboard.press("Tab")
    expect(ada.get_by_role("button", name="Export")).to_be_focused()
