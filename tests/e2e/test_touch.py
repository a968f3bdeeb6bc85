"""On a phone: no keys but those on the screen, and 390 pixels."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.offline_model.tokens import split_tokens
from tests.e2e.conftest import OpenPage
from tests.e2e.steps import body, reply, shows

PHONE = {"width": 390, "height": 844}
WIDTH = "document.documentElement.scrollWidth"
FROM_END = "document.documentElement.scrollHeight - innerHeight - scrollY"


@pytest.fixture
def phone(sign_in: OpenPage) -> Page:
    return sign_in(viewport=PHONE, has_touch=True, is_mobile=True)


def tap_send(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Message").fill(text)
    page.get_by_role("button", name="Send message").tap()
    expect(reply(page)).to_be_attached()


def test_enter_begins_a_new_line_and_the_button_sends(phone: Page) -> None:
    box = phone.get_by_role("textbox", name="Message")
    box.press_sequentially("One\nTwo")
    expect(box).to_have_value("One\nTwo")
    expect(phone.get_by_role("article")).to_have_count(0)
    phone.get_by_role("button", name="Send message").tap()
    expect(phone.locator("article[data-role=user] .message-body")).to_have_text("One\nTwo")


def test_control_and_enter_send_from_a_keyboard_that_is_attached(phone: Page) -> None:
    phone.get_by_role("textbox", name="Message").fill("By keyboard")
    phone.get_by_role("textbox", name="Message").press("Control+Enter")
    expect(phone.locator("article[data-role=user]")).to_have_count(1)


@pytest.fixture
def gate(model: OfflineModel) -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


ROW = "| " + " | ".join(f"quite a wide cell {n}" for n in range(8)) + " |\n"
TABLE = ROW + "|---" * 8 + "|\n" + ROW * 8 + "| zebra | and"
LINES = "A line of the reply.\n\n" * 25
WIDE = {
    "table": LINES + TABLE,
    "table in a list": LINES + "- one\n\n  " + TABLE.replace("\n", "\n  "),
    "table in a quote": LINES + "> " + TABLE.replace("\n", "\n> "),
    "code": LINES + "```\n" + ("x" * 300 + "\n") * 3 + "zebra\nand",
    "math": LINES + "$$" + "z+" * 200 + "z$$\n\nzebra and",
    "footnote": LINES + "word[^1]\n\n[^1]: " + "w" * 300 + " zebra and",
    "word": LINES + "y" * 600 + " zebra and",
}


@pytest.mark.parametrize("kind", WIDE)
def test_what_is_wide_scrolls_in_itself_while_it_grows(
    phone: Page, model: OfflineModel, gate: Gate, kind: str
) -> None:
    model.script(Fault(text=WIDE[kind], gate=gate, rate=4000))
    tap_send(phone, "Something wide")
    gate.release(len(split_tokens(WIDE[kind])) - 1)
    expect(body(phone)).to_contain_text("zebra")
    assert phone.evaluate(WIDTH) == PHONE["width"]
    assert phone.evaluate(FROM_END) < 2
    gate.open()
    shows(phone, "complete")
    assert phone.evaluate(WIDTH) == PHONE["width"]
    assert phone.evaluate(FROM_END) < 2


def test_a_new_chat_is_one_tap_away(phone: Page) -> None:
    tap_send(phone, "Hello")
    shows(phone, "complete")
    phone.get_by_role("link", name="New chat").tap()
    expect(phone.get_by_role("article")).to_have_count(0)
