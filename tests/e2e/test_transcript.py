"""A reviewer reads conversations one after another, and judges them by keys alone."""

from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.site import Site
from tests.e2e.steps import name_of, send, shows

REVIEWS = """
from conversations.review.models import Review
from conversations.outbox import worker
worker.process_outbox()
for review in Review.objects.filter(conversation__owner__username={name!r}):
    print(review.pk, review.person)
"""


class Reviewed(NamedTuple):
    pk: str
    person: str


def reviews_of(site: Site, name: str) -> list[Reviewed]:
    """The latest first."""
    printed = site.run(REVIEWS, name=name)
    return [Reviewed(*line.split()) for line in printed.splitlines()]


def press(page: Page, key: str) -> None:
    """Once the page's scripts are there to hear it."""
    page.wait_for_load_state()
    page.keyboard.press(key)


@pytest.fixture
def transcript(site: Site, sign_in: OpenPage, dora: Page) -> Page:
    """Of a conversation of dora's, as roger opens it."""
    send(dora, "A question for review")
    shows(dora, "complete")
    (review,) = reviews_of(site, name_of(dora))
    roger = sign_in("roger")
    roger.goto(f"/admin/review/review/{review.pk}/change/")
    return roger


def test_the_keys_judge(transcript: Page) -> None:
    expect(transcript.locator("article[data-role=user]")).to_contain_text("A question for review")
    press(transcript, "r")
    expect(transcript.get_by_role("button", name="Take back")).to_be_visible()
    press(transcript, "f")
    expect(transcript.get_by_text("Flagged by roger")).to_be_visible()
    press(transcript, "f")
    expect(transcript.get_by_role("button", name="Flag this conversation")).to_be_visible()
    press(transcript, "r")
    expect(transcript.get_by_role("button", name="Mark as reviewed")).to_be_visible()


def test_the_keys_go_through_the_queue(site: Site, sign_in: OpenPage, dora: Page) -> None:
    for text in ("The older one", "The newer one"):
        dora.goto("/")
        send(dora, text)
        shows(dora, "complete")
    newer, older = reviews_of(site, name_of(dora))
    roger = sign_in("roger")
    roger.goto(f"/admin/review/review/{newer.pk}/change/?user={newer.person}")
    press(roger, "j")
    roger.wait_for_url(f"**/{older.pk}/change/?user={newer.person}")
    expect(roger.locator("article[data-role=user]")).to_contain_text("The older one")
    press(roger, "k")
    roger.wait_for_url(f"**/{newer.pk}/change/?user={newer.person}")


def test_keys_typed_into_a_field_are_text(transcript: Page) -> None:
    comment = transcript.get_by_label("Comment on the verdict")
    comment.press_sequentially("far from it?")
    expect(comment).to_have_value("far from it?")
    transcript.locator("h1").click()
    press(transcript, "Control+f")
    expect(transcript.get_by_role("button", name="Mark as reviewed")).to_be_visible()
    expect(transcript.get_by_role("button", name="Flag this conversation")).to_be_visible()


def test_what_was_typed_outlasts_another_form(transcript: Page) -> None:
    transcript.get_by_label("Comment on the verdict").fill("Not yet done")
    transcript.get_by_label("Needs work").check()
    transcript.locator("h1").click()
    press(transcript, "f")
    expect(transcript.get_by_text("Flagged by roger")).to_be_visible()
    expect(transcript.get_by_label("Comment on the verdict")).to_have_value("Not yet done")
    expect(transcript.get_by_label("Needs work")).to_be_checked()
    transcript.get_by_role("button", name="Mark as reviewed").click()
    expect(transcript.get_by_text("roger said Needs work")).to_be_visible()
    expect(transcript.get_by_label("Comment on the verdict")).to_have_value("")


def test_the_keys_are_told(transcript: Page) -> None:
    press(transcript, "?")
    expect(transcript.get_by_text("Next conversation")).to_be_visible()
    press(transcript, "?")
    expect(transcript.get_by_text("Next conversation")).to_be_hidden()


def test_a_note_goes_on_a_message(transcript: Page) -> None:
    message = transcript.locator(".transcript-message").last
    message.hover()
    message.get_by_text("Add a note").click()
    message.get_by_label("Note on this message").fill("Look here")
    message.get_by_role("button", name="Add note").click()
    note = transcript.locator(".transcript-message").last.locator(".is-note")
    expect(note).to_contain_text("Look here")
    note.get_by_role("button", name="Delete").click()
    expect(note).to_have_count(0)


def test_the_other_reviewers_save_is_shown(transcript: Page, sign_in: OpenPage) -> None:
    ada = sign_in("ada")
    ada.goto(transcript.url)
    ada.get_by_label("Harmful").check()
    press(ada, "r")
    expect(ada.get_by_text("ada said Harmful")).to_be_visible()
    transcript.get_by_label("Comment on the verdict").fill("I see nothing wrong")
    transcript.get_by_role("button", name="Mark as reviewed").click()
    expect(transcript.get_by_role("alert").first).to_contain_text("ada has saved something")
    expect(transcript.get_by_label("Comment on the verdict")).to_have_value("I see nothing wrong")
    transcript.get_by_role("button", name="Save verdict").click()
    expect(transcript.get_by_text("roger marked it as reviewed")).to_be_visible()
    expect(transcript.get_by_text("ada said Harmful")).to_be_visible()


def test_a_message_is_copied_as_it_stands_there(transcript: Page) -> None:
    transcript.context.grant_permissions(["clipboard-read", "clipboard-write"])
    transcript.locator(".transcript-message").first.hover()
    transcript.get_by_role("button", name="Copy message").first.click()
    expect(transcript.get_by_role("button", name="Copied")).to_be_visible()
    copied = transcript.evaluate("navigator.clipboard.readText()")
    assert copied == "A question for review"
