"""The list of conversations to review, in a browser."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from conversations.offline_model import OfflineModel
from tests.e2e.review import QUEUE, open_queue_with
from tests.e2e.steps import send, shows


def chat(page: Page, text: str) -> None:
    send(page, text)
    shows(page, "complete")


def test_conversations_are_chosen_and_judged_at_once(
    alice: Page, sign_in: Callable[..., Page], model: OfflineModel
) -> None:
    chat(alice, "A kettle to descale")
    rita = sign_in("rita")
    open_queue_with(rita, "A kettle to descale")
    rita.get_by_label("Choose “A kettle to descale”").check()
    expect(rita.get_by_text("1 chosen")).to_be_visible()
    rita.get_by_label("With those chosen").select_option(label="Verdict: Needs work")
    rita.get_by_role("button", name="Go").click()
    row = rita.get_by_role("row").filter(has_text="A kettle to descale")
    expect(row.locator(".queue-badge")).to_have_text(["Reviewed", "Needs work"])


def test_all_of_a_page_are_chosen(
    alice: Page, sign_in: Callable[..., Page], model: OfflineModel
) -> None:
    chat(alice, "A trip to plan")
    rita = sign_in("rita")
    open_queue_with(rita, "A trip to plan")
    boxes = rita.get_by_role("checkbox", name="Choose “")
    rita.get_by_label("Choose all on this page").check()
    expect(rita.get_by_text(f"{boxes.count()} chosen")).to_be_visible()
    boxes.first.uncheck()
    expect(rita.get_by_label("Choose all on this page")).not_to_be_checked()


def test_the_filters_open_and_close_by_keyboard(sign_in: Callable[..., Page]) -> None:
    rita = sign_in("rita")
    rita.goto(QUEUE)
    opener = rita.locator("#queue-filters summary")
    opener.press("Enter")
    rita.get_by_label("Messages, at least").fill("3")
    rita.get_by_label("Messages, at least").press("Enter")
    rita.wait_for_url(f"**{QUEUE}?messages=3")
    opener.press("Enter")
    rita.keyboard.press("Escape")
    expect(rita.get_by_label("Messages, at least")).to_be_hidden()
    expect(opener).to_be_focused()


def test_nothing_scrolls_sideways_on_a_phone(
    alice: Page, sign_in: Callable[..., Page], model: OfflineModel
) -> None:
    chat(alice, "w" * 300)
    rita = sign_in("rita", viewport={"width": 320, "height": 640})
    open_queue_with(rita, "w" * 30)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert rita.evaluate(overflow) == 0
    rita.locator("#queue-filters summary").click()
    assert rita.evaluate(overflow) == 0
