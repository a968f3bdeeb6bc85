"""Sessions in two browsers: what one of them ends, the other feels."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.steps import body, name_of, send, shows, words

type OpenPage = Callable[..., Page]
URL = "/accounts/sessions/"


def conversations(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Conversations").get_by_role("link")


def test_a_session_that_is_ended_follows_no_reply_any_more(
    dora: Page, sign_in: OpenPage, model: OfflineModel
) -> None:
    other = sign_in(name_of(dora))
    gate = Gate()
    model.script(Fault(text=words(200), gate=gate))
    send(other, "Hello")
    gate.release(40)
    expect(body(other)).to_contain_text("word10")
    expect(conversations(other)).to_have_count(1)
    dora.goto(URL)
    others = dora.get_by_role("listitem").filter(has_not_text="This device")
    others.get_by_role("button", name="Sign out").click()
    expect(dora.get_by_text("That device is signed out.")).to_be_visible()
    # The stream closes within five seconds, and the page asks what became of its conversation.
    expect(other.get_by_role("button", name="Sign in")).to_be_visible()
    gate.open()
    dora.goto("/")
    conversations(dora).click()
    shows(dora, "complete")
    expect(body(dora)).to_contain_text("word199.")


def test_everywhere_else_leaves_this_one(dora: Page, sign_in: OpenPage) -> None:
    other = sign_in(name_of(dora))
    dora.goto(URL)
    dora.get_by_role("button", name="Sign out everywhere else").click()
    expect(dora.get_by_text("All other devices are signed out.")).to_be_visible()
    expect(dora.get_by_role("main").get_by_role("listitem")).to_have_count(1)
    other.reload()
    expect(other.get_by_role("button", name="Sign in")).to_be_visible()


def test_everywhere_is_here_too(dora: Page, sign_in: OpenPage) -> None:
    other = sign_in(name_of(dora))
    dora.goto(URL)
    dora.get_by_role("button", name="Sign out everywhere", exact=True).click()
    expect(dora.get_by_role("button", name="Sign in")).to_be_visible()
    other.reload()
    expect(other.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_theme_is_kept_for_every_browser(dora: Page, sign_in: OpenPage) -> None:
    name = name_of(dora)
    dora.goto("/accounts/profile/")
    dora.get_by_role("radio", name="Dark").check()
    dora.get_by_role("button", name="Save").click()
    expect(dora.get_by_text("Your profile is saved.")).to_be_visible()
    other = sign_in(name, color_scheme="light")
    background = other.evaluate("getComputedStyle(document.documentElement).colorScheme")
    assert background == "dark"
