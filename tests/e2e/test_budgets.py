"""Budgets as their user meets them: a word in time, a refusal that loses nothing, a page of it."""

import re

import pytest
from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, OfflineModel
from tests.e2e.conftest import OpenPage
from tests.e2e.site import Site
from tests.e2e.steps import box, name_of, send, shows

USE = """
from chatsite.accounts.models import Limit, UsageDay, User
from django.utils import timezone
user = User.objects.get(username={name!r})
Limit.objects.update_or_create(user=user, defaults={{"tokens_per_day": 50_000}})
UsageDay.objects.update_or_create(
    user=user, day=timezone.localdate(timezone=user.zone), defaults={{"prompt_tokens": {tokens}}}
)
"""
ONE_A_MINUTE = """
from chatsite.accounts.models import Limit, RecentMessage, User
from django.utils import timezone
user = User.objects.get(username={name!r})
Limit.objects.create(user=user, messages_per_minute=1)
RecentMessage.objects.create(user=user, sent_at=timezone.now())
"""


@pytest.fixture
def bob(sign_in: OpenPage) -> Page:
    return sign_in(timezone_id="UTC")


def use(site: Site, page: Page, tokens: int) -> None:
    """Gives them a budget of 50,000 tokens a day, of which so many are used."""
    site.run(USE, name=name_of(page), tokens=tokens)


def test_at_the_limit_a_send_is_refused_and_the_text_stays(bob: Page, site: Site) -> None:
    use(site, bob, 41_000)
    bob.reload()
    expect(bob.locator("#budget-hint")).to_contain_text("About 9,000")
    use(site, bob, 50_000)  # from elsewhere
    box(bob).fill("Don't lose this")
    box(bob).press("Enter")
    expect(bob.get_by_role("alert").first).to_have_text(
        "You have used today’s 50,000 tokens. They are available again tomorrow at 00:00. "
        "Your text is still in the box."
    )
    expect(box(bob)).to_have_value("Don't lose this")
    expect(bob.locator("#budget-hint")).to_have_text("")
    bob.reload()
    expect(box(bob)).to_have_value("Don't lose this")
    expect(box(bob)).to_have_accessible_description(re.compile("You have used today’s 50,000"))
    expect(bob.get_by_role("article")).to_have_count(0)


def test_in_a_conversation_too_and_for_trying_again(
    bob: Page, site: Site, model: OfflineModel
) -> None:
    model.script(Fault(status=500))
    send(bob, "Hello")
    shows(bob, "failed")
    asked = len(model.requests)
    use(site, bob, 50_000)
    bob.get_by_role("button", name="Try again").click()
    expect(bob.get_by_role("alert").first).to_contain_text("tomorrow at 00:00")
    box(bob).fill("And another thing")
    box(bob).press("Enter")
    expect(bob.get_by_role("alert").first).to_contain_text("still in the box")
    expect(box(bob)).to_have_value("And another thing")
    assert len(model.requests) == asked


def test_in_a_message_that_is_edited_the_wait_counts_down_and_the_text_stays(
    bob: Page, site: Site
) -> None:
    send(bob, "Hello")
    shows(bob, "complete")
    site.run(ONE_A_MINUTE, name=name_of(bob))
    bob.clock.install()
    bob.get_by_role("article").first.hover()
    bob.get_by_role("button", name="Edit message").click()
    form = bob.locator(".edit-form")
    form.get_by_role("textbox").fill("Hello again")
    form.get_by_role("button", name="Send edited message").click()
    refusal = form.get_by_role("alert")
    expect(refusal).to_contain_text(re.compile("in [0-9]+ seconds"))
    bob.clock.fast_forward(61_000)
    expect(refusal).to_have_text("You can try again now.")
    expect(form.get_by_role("textbox")).to_have_value("Hello again")


def test_the_reply_that_reaches_four_fifths_says_what_is_left(
    bob: Page, site: Site, model: OfflineModel
) -> None:
    use(site, bob, 39_990)
    bob.reload()
    expect(bob.locator("#budget-hint")).to_have_text("")
    model.script(Fault(text="One two three four. " * 20))
    send(bob, "Hello")
    shows(bob, "complete")
    expect(bob.locator("#budget-hint")).to_contain_text("of today’s 50,000 tokens are left.")


def test_the_page_of_usage_has_a_chart_and_a_table(bob: Page, site: Site) -> None:
    use(site, bob, 40_500)
    bob.reload()
    bob.get_by_role("link", name="Usage").click()
    expect(bob.get_by_role("heading", name="Usage")).to_be_visible()
    expect(bob.get_by_role("img", name=re.compile("Tokens by day"))).to_be_visible()
    expect(bob.get_by_role("img", name=re.compile("Cost by day"))).to_be_visible()
    expect(bob.get_by_role("row").last).to_contain_text("40,500")
    expect(bob.get_by_text("81 % of the day’s 50,000 tokens used.")).to_be_visible()


def test_the_page_of_usage_fits_a_small_phone(bob: Page, site: Site) -> None:
    use(site, bob, 1_240_500)
    bob.set_viewport_size({"width": 320, "height": 640})
    bob.goto("/accounts/usage/")
    for part in ("html", ".usage-scroll"):
        assert bob.locator(part).evaluate("part => part.scrollWidth <= part.clientWidth")
