"""What a user does and sees, in the words that assistive technology hears."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.e2e.site import PASSWORD
from tests.waiting import wait_until

# Seconds: a deletion is final after fifteen, and review follows within two.
POLLING_TIMEOUT = 60

STICKING_OUT = """
document.documentElement.scrollWidth <= innerWidth ? [] : [...document.body.querySelectorAll("*")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth)
  .map((element) => element.outerHTML.slice(0, 200))
"""


def box(page: Page) -> Locator:
    """Where a message is typed."""
    return page.get_by_role("textbox", name="Message")


def send(page: Page, text: str) -> None:
    """Types a message, sends it, and returns once it stands in the conversation."""
    # Until the page's scripts are there, Enter only begins a new line.
    box(page).wait_for()
    page.wait_for_load_state()
    turns = page.locator("article[data-role=user]").count()
    box(page).fill(text)
    # On a touch screen Enter begins a new line.
    if page.evaluate("matchMedia('(pointer: coarse)').matches"):
        page.get_by_role("button", name="Send message").tap()
    else:
        box(page).press("Enter")
    expect(page.locator("article[data-role=user]").nth(turns)).to_be_attached()


def open_sidebar(page: Page) -> None:
    """Shows the list where it is a sheet; elsewhere it is there already."""
    button = page.get_by_role("button", name="Open sidebar")
    if button.is_visible():
        button.click()


def close_sidebar(page: Page) -> None:
    button = page.get_by_role("button", name="Close sidebar")
    if button.is_visible():
        button.click()


def reply(page: Page) -> Locator:
    return page.locator("article[data-role=assistant]").last


def body(page: Page) -> Locator:
    return reply(page).locator(".message-body")


def shows(page: Page, status: str) -> None:
    """Waits until the latest reply has this status."""
    expect(reply(page)).to_have_attribute("data-status", status)


def words(count: int) -> str:
    """A text whose every word differs, so that a missing or doubled one shows."""
    return " ".join(f"word{number}" for number in range(count)) + "."


def wait_on_page(page: Page, condition: Callable[[], bool], what: str) -> None:
    """For what no locator can wait for; events of the page are handled meanwhile."""
    wait_until(
        condition,
        what,
        POLLING_TIMEOUT,
        pause=lambda seconds: page.wait_for_timeout(1000 * seconds),
    )


def name_of(page: Page) -> str:
    """As whom somebody is signed in, at a page of the chat."""
    return page.locator(".account-name").inner_text()


def sticks_out(page: Page) -> list[str]:
    """What makes the page scroll sideways, once its styles are there; nothing, if it doesn't."""
    page.wait_for_load_state()
    return list(page.evaluate(STICKING_OUT))


def choose_from_menu(message: Locator, choice: str) -> None:
    """As a user does whose page moved to its end under the finger: opens the menu once more."""
    item = message.get_by_role("button", name=choice)
    for _ in range(3):
        message.get_by_role("button", name="More actions").click()
        try:
            item.click(timeout=3_000)
        except PlaywrightTimeout:
            continue
        return
    item.click()


def choose_from_conversation_menu(page: Page, choice: str) -> None:
    page.get_by_role("button", name="Conversation menu").click()
    page.locator("#conversation-menu").get_by_role("button", name=choice).click()


def open_from_conversation_menu(page: Page, choice: str, title: str) -> Locator:
    """The dialog, once it is there."""
    choose_from_conversation_menu(page, choice)
    dialog = page.get_by_role("dialog", name=title)
    expect(dialog).to_be_visible()
    return dialog


def delete_conversation(page: Page) -> None:
    """The one that is open; returns on a new chat."""
    choose_from_conversation_menu(page, "Delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/")


def open_my_data(page: Page) -> None:
    page.goto("/accounts/2fa/")
    page.get_by_role("navigation", name="Account").get_by_role("link", name="My data").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My data")


def delete_account(page: Page) -> None:
    open_my_data(page)
    page.get_by_role("link", name="Delete my account").click()
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is deleted")
