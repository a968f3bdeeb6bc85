"""A branch is continued in a conversation of its own."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import in_both_windows
from tests.e2e.steps import choose_from_menu, reply, send, shows


@in_both_windows
def test_a_reply_is_continued_in_a_new_conversation(alice: Page) -> None:
    for text in ("First", "Second"):
        send(alice, text)
        shows(alice, "complete")
    original = alice.url
    first = alice.locator("article[data-role=assistant]").first
    # A tap shows what can be done, and so does a mouse over it.
    first.locator(".message-body").click(position={"x": 4, "y": 4})
    choose_from_menu(first, "Continue in a new conversation")
    alice.wait_for_url(lambda url: url != original)
    expect(alice.locator("article[data-role=user]")).to_have_count(1)
    send(alice, "Otherwise")
    shows(alice, "complete")
    expect(reply(alice)).not_to_be_empty()
    alice.goto(original)
    expect(alice.locator("article[data-role=user]")).to_have_count(2)
