"""A rule as an administrator makes it: its form, and its dry run on past messages."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.offline_model import OfflineModel
from tests.e2e.site import PASSWORD, Site
from tests.e2e.steps import send, shows

# Review has nothing to take account of: that would keep the site busy for other tests.
LONG_PAST = """
from django.db import transaction
from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.outbox.models import Change
with transaction.atomic():
    conversation = Conversation.objects.create(
        owner=User.objects.get(username="bob"), title="Long", model="test-model"
    )
    Message.objects.bulk_create(
        Message(conversation=conversation, role="user", text="It rains in Oslo. " * 50)
        for number in range(60_000)
    )
    Change.objects.filter(conversation_id=conversation.pk).delete()
"""
NO_LONG_PAST = """
from conversations.models import Conversation
Conversation.objects.filter(title="Long").delete()
"""


@pytest.fixture
def ada(sign_in: Callable[..., Page]) -> Page:
    return sign_in("ada")


@pytest.fixture
def long_past(site: Site) -> Iterator[None]:
    """More than can be looked at in a moment."""
    site.run(LONG_PAST)
    yield
    site.run(NO_LONG_PAST)


def make_rule(page: Page, name: str, words: str) -> None:
    page.goto("/admin/review/rule/add/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Kind").select_option("Words")
    page.get_by_role("textbox", name="Words:").fill(words)
    page.get_by_role("button", name="Save and continue editing").click()


def test_only_the_fields_of_the_kind_show(ada: Page) -> None:
    ada.goto("/admin/review/rule/add/")
    ada.get_by_label("Kind").select_option("Cost of a reply over (US dollars)")
    expect(ada.get_by_label("Cost over, in US dollars")).to_be_visible()
    expect(ada.get_by_role("textbox", name="Words:")).to_be_hidden()
    ada.get_by_label("Kind").select_option("Words")
    expect(ada.get_by_role("textbox", name="Words:")).to_be_visible()
    expect(ada.get_by_label("Cost over, in US dollars")).to_be_hidden()


def test_a_bad_expression_is_refused_where_it_stands(ada: Page) -> None:
    ada.goto("/admin/review/rule/add/")
    ada.get_by_label("Name").fill("Bad")
    ada.get_by_label("Kind").select_option("Regular expression")
    ada.get_by_role("textbox", name="Regular expression:").fill("(?<=a)b")
    ada.get_by_role("button", name="Save", exact=True).click()
    expect(ada.locator(".field-pattern .errorlist")).to_contain_text("look-behind aren’t possible")
    expect(ada.get_by_role("textbox", name="Regular expression:")).to_have_value("(?<=a)b")


def test_a_trial_finds_what_was_said_and_leads_to_it(
    ada: Page, alice: Page, model: OfflineModel
) -> None:
    send(alice, "Is a zeppelin safe?")
    shows(alice, "complete")
    make_rule(ada, "Airships", "zeppelin")
    ada.get_by_role("button", name="Try on past messages").click()
    expect(ada.get_by_role("status")).to_contain_text("Done.")
    link = ada.get_by_role("link", name="Is a zeppelin safe?", exact=True)
    conversation = alice.url.rsplit("/", 2)[1]
    expect(link).to_have_attribute("href", re.compile(rf"{conversation}/change/\?message=\d+"))


@pytest.mark.usefixtures("long_past")
def test_its_progress_shows_and_it_can_be_stopped(ada: Page) -> None:
    make_rule(ada, "Weather", "snow\nhail")
    ada.get_by_role("button", name="Try on past messages").click()
    expect(ada.get_by_role("status")).to_contain_text("Looking through the messages")
    expect(ada.locator("#dry-run")).to_contain_text(re.compile(r"of \d[\d,]+ looked at so far"))
    ada.get_by_role("button", name="Stop").click()
    expect(ada.get_by_role("status")).to_contain_text("Stopped.")


def test_it_needs_no_scripts(
    site: Site, ada: Page, new_context: Callable[..., BrowserContext]
) -> None:
    make_rule(ada, "Without scripts", "zeppelin")
    page = new_context(base_url=site.url, java_script_enabled=False).new_page()
    page.goto(f"/accounts/login/?next={ada.url.removeprefix(site.url)}")
    page.get_by_label("Username or email").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Cost over, in US dollars")).to_be_visible()
    page.get_by_role("button", name="Try on past messages").click()
    expect(page.get_by_role("status")).to_contain_text("Done.")
