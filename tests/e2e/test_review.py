"""From a thumb down to a verdict, as each of the people in it sees it; and that looking is seen."""

from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.review import QUEUE, in_queue, open_and_look, search_and_look
from tests.e2e.site import Site
from tests.e2e.steps import name_of, reply, send, shows, sticks_out, wait_on_page

POLICY = """
from conversations.review.models import ReviewPolicy
ReviewPolicy(pk=1, reason={reason!r}, tells_users={tells_users!r}).save()
"""
ROLE = """
from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import set_role
set_role(User.objects.get(username={name!r}), Role({role!r}))
"""
CHANGE_LOG = """
from django.db import DatabaseError, connection
for statement in ("UPDATE review_accessentry SET reason = 'x'", "DELETE FROM review_accessentry"):
    try:
        connection.cursor().execute(statement)
    except DatabaseError as refused:
        print(refused)
"""


@pytest.fixture
def policy(site: Site) -> object:
    """As it is while nobody has decided anything, once the test is over."""
    yield
    site.run(POLICY, reason="optional", tells_users=False)


def thumb_down(page: Page, text: str, comment: str) -> None:
    send(page, text)
    shows(page, "complete")
    reply(page).get_by_role("button", name="Bad reply").click()
    reply(page).get_by_text("Not correct").click()
    reply(page).get_by_role("textbox", name="Comment (optional)").fill(comment)
    reply(page).get_by_role("button", name="Save").click()
    expect(reply(page).get_by_role("textbox", name="Comment (optional)")).to_be_hidden()


def test_a_thumb_down_ends_in_a_verdict(dora: Page, sign_in: OpenPage) -> None:
    name = name_of(dora)
    thumb_down(dora, "How far is the moon?", "That is the sun.")
    roger = sign_in("roger")
    in_queue(roger, "How far is the moon?")
    expect(roger.get_by_text("That is the sun.")).to_be_visible()
    expect(roger.get_by_text("Not correct")).to_be_visible()
    assert name not in roger.content()
    roger.get_by_label("Needs work").check()
    roger.get_by_label("Comment on the verdict").fill("It took one for the other")
    roger.get_by_role("button", name="Mark as reviewed").click()
    expect(roger.get_by_role("button", name="Take back")).to_be_visible()
    roger.goto(f"{QUEUE}?state=waiting")
    expect(roger.get_by_role("link", name="How far is the moon?")).to_have_count(0)


def test_what_is_found_leads_to_the_message(dora: Page, sign_in: OpenPage) -> None:
    thumb_down(dora, "Do quokkas climb 木 at night?", "They do.")
    roger = sign_in("roger")
    in_queue(roger, "Do quokkas climb")
    for words in ("QUOKKAS", "木"):
        roger.goto(f"{QUEUE}search/")
        found = roger.locator("mark")
        wait_on_page(roger, partial(search_and_look, roger, words, found), repr(words))
    roger.get_by_role("link", name="Do quokkas climb").first.click()
    expect(roger.locator("article[data-role=user]")).to_contain_text("Do quokkas climb")


def test_a_required_reason_is_asked_for_and_stands_in_the_log(
    site: Site, policy: object, dora: Page, sign_in: OpenPage
) -> None:
    thumb_down(dora, "Is tea better than coffee?", "It is.")
    site.run(POLICY, reason="required", tells_users=True)
    roger = sign_in("roger")
    reason = roger.get_by_role("textbox", name="Reason")
    # The site keeps a policy for some seconds.
    search = f"{QUEUE}search/?q=coffee"
    wait_on_page(roger, lambda: open_and_look(roger, search, reason), "the question for a reason")
    reason.fill("Complaint 17")
    roger.get_by_role("button", name="Continue").click()
    expect(roger.get_by_role("searchbox", name="Text")).to_have_value("coffee")
    in_queue(roger, "Is tea better than coffee?")
    ada = sign_in("ada")
    ada.goto("/admin/review/accessentry/")
    row = ada.get_by_role("row").filter(has_text="Opened a transcript").first
    expect(row).to_contain_text("roger")
    expect(row).to_contain_text("Complaint 17")
    expect(row).to_contain_text(name_of(dora))
    dora.goto("/accounts/reviews/")
    expect(dora.get_by_role("link", name="Is tea better than coffee?")).to_be_visible()
    assert "roger" not in dora.content()


def test_nobody_else_finds_it(dora: Page, alice: Page) -> None:
    send(dora, "Between us")
    shows(dora, "complete")
    response = alice.goto(QUEUE)
    assert response
    assert response.status == 403
    response = alice.goto(dora.url)
    assert response
    assert response.status == 404


def test_a_role_that_is_taken_away_is_gone_at_once(
    site: Site, dora: Page, sign_in: OpenPage
) -> None:
    site.make_user("rufus")
    site.run(ROLE, name="rufus", role="reviewer")
    rufus = sign_in("rufus")
    thumb_down(dora, "What is left of a review?", "Nothing.")
    in_queue(rufus, "What is left of a review?")
    site.run(ROLE, name="rufus", role="user")
    response = rufus.reload()
    assert response
    assert response.status == 403


def test_the_log_can_not_be_changed_through_the_site_s_own_connection(
    site: Site, sign_in: OpenPage
) -> None:
    roger = sign_in("roger")
    roger.goto(f"{QUEUE}search/?q=anything")
    refusals = site.run(CHANGE_LOG).splitlines()
    assert refusals == ["the access log can not be changed"] * 2


def test_a_phone_shows_the_queue_and_a_transcript_whole(dora: Page, sign_in: OpenPage) -> None:
    thumb_down(dora, "Does it fit?", "It should.")
    roger = sign_in("roger", viewport={"width": 320, "height": 700})
    roger.goto(QUEUE)
    assert sticks_out(roger) == []
    in_queue(roger, "Does it fit?")
    assert sticks_out(roger) == []
