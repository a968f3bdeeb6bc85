"""With scripts turned off the chat still works, a page at a time."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.site import PASSWORD, Site
from tests.e2e.steps import body, shows


@pytest.fixture
def bob(site: Site, new_context: Callable[..., BrowserContext]) -> Page:
    page = new_context(base_url=site.url, java_script_enabled=False).new_page()
    page.goto("/accounts/login/?next=/")
    page.get_by_label("Username or email").fill("bob@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def ask(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Message").fill(text)
    page.get_by_role("button", name="Send message").click()
    page.wait_for_url("**/c/**")


def test_a_message_is_sent(bob: Page) -> None:
    ask(bob, "No scripts here")
    expect(bob.locator("article[data-role=user]")).to_contain_text("No scripts here")


def test_the_page_of_a_running_reply_refreshes_itself(bob: Page, model: OfflineModel) -> None:
    gate = Gate()
    model.script(Fault(text="Here it is.", gate=gate))
    ask(bob, "Are you there?")
    assert bob.locator("article[data-role=assistant]").count() == 1
    gate.open()
    shows(bob, "complete")
    expect(body(bob)).to_have_text("Here it is.")
    assert "http-equiv" not in bob.content()


def test_no_button_does_nothing(bob: Page, model: OfflineModel) -> None:
    model.script(Fault(text="```python\nprint()\n```"))
    ask(bob, "Some code")
    shows(bob, "complete")
    expect(bob.locator("pre")).to_be_visible()
    expect(bob.get_by_role("button", name="Copy")).to_have_count(0)
    expect(bob.locator(".code-copy")).to_be_hidden()
