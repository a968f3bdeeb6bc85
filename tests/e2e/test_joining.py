"""From nothing to the first message: first administrator, invitation, recovery by mail."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.mail_server import Inbox, MailServer
from tests.e2e.site import PASSWORD, Site
from tests.e2e.steps import body, send, shows

type NewContext = Callable[..., BrowserContext]


@pytest.fixture
def visitor(new_context: NewContext) -> Page:
    """Somebody in a browser of their own, signed in nowhere."""
    return new_context().new_page()


@pytest.fixture
def empty_site(model: OfflineModel, tmp_path: Path) -> Iterator[Site]:
    """A site on its first start."""
    site = Site(tmp_path, model.base_url)
    site.start()
    yield site
    site.stop()


def fill_in(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)


def greet(page: Page) -> None:
    send(page, "Hello")
    shows(page, "complete")


def new_password(password: str = PASSWORD) -> dict[str, str]:
    return {"password1": password, "password2": password}


def test_the_first_administrator_follows_the_printed_link(empty_site: Site, visitor: Page) -> None:
    link = re.search(r"http\S+/setup/\S+", empty_site.read_log())
    assert link
    visitor.goto(link[0])
    fill_in(visitor, username="ada", email="ada@example.com", **new_password())
    visitor.get_by_role("button", name="Create account").click()
    greet(visitor)
    visitor.get_by_role("button", name="ada").click()
    visitor.get_by_role("link", name="Administration").click()
    expect(visitor.get_by_role("heading", name="Administration", exact=True)).to_be_visible()


def test_an_invitation_leads_to_a_first_message(
    sign_in: Callable[..., Page], site: Site, visitor: Page, model: OfflineModel
) -> None:
    rita = sign_in("rita")
    rita.goto("/admin/accounts/invitation/add/")
    rita.get_by_role("button", name="Save", exact=True).click()
    link = rita.locator(".messagelist code").inner_text()
    visitor.goto(link)
    fill_in(visitor, username="dora", **new_password())
    visitor.get_by_role("button", name="Sign up").click()
    greet(visitor)


def test_an_invitation_that_was_used_says_so(site: Site, new_context: NewContext) -> None:
    link = site.manage("invite").strip()
    for name in ("erik", "finn"):
        page = new_context().new_page()
        page.goto(link)
        if name == "erik":
            fill_in(page, username=name, **new_password())
            page.get_by_role("button", name="Sign up").click()
            expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    expect(page.get_by_text("This invitation has been used.")).to_be_visible()


@pytest.fixture
def mailing_site(
    inhabited: Path, model: OfflineModel, tmp_path: Path
) -> Iterator[tuple[Site, Inbox]]:
    """A site that sends mail, and where it arrives."""
    server = MailServer()
    with server as inbox:
        site = Site(tmp_path, model.base_url, EMAIL_URL=server.url)
        site.begin_as(inhabited)
        site.start()
        yield site, inbox
        site.stop()


def test_a_lost_password_is_recovered_by_mail(
    mailing_site: tuple[Site, Inbox], visitor: Page
) -> None:
    site, inbox = mailing_site
    visitor.goto(f"{site.url}/accounts/login/")
    visitor.get_by_role("link", name="Forgot your password?").click()
    fill_in(visitor, email="alice@example.com")
    visitor.get_by_role("button", name="Send the link").click()
    expect(visitor.get_by_role("heading", name="Check your mail")).to_be_visible()
    visitor.goto(inbox.link())
    fill_in(visitor, **new_password("another battery"))
    visitor.get_by_role("button", name="Set password").click()
    visitor.get_by_role("link", name="Sign in").click()
    fill_in(visitor, login="alice", password="another battery")
    visitor.get_by_role("button", name="Sign in", exact=True).click()
    expect(visitor.get_by_role("textbox", name="Message")).to_be_visible()


def test_signing_up_ends_with_a_confirmed_address(
    mailing_site: tuple[Site, Inbox], visitor: Page
) -> None:
    site, inbox = mailing_site
    site.run(OPEN)
    visitor.goto(f"{site.url}/accounts/login/")
    visitor.get_by_role("link", name="Sign up").click()
    fill_in(visitor, email="dora@example.com", username="dora", **new_password())
    visitor.get_by_role("button", name="Sign up").click()
    expect(visitor.get_by_role("heading", name="Confirm your address")).to_be_visible()
    visitor.goto(inbox.link())
    visitor.get_by_role("button", name="Confirm").click()
    greet(visitor)


def test_a_command_mails_its_invitation(mailing_site: tuple[Site, Inbox], visitor: Page) -> None:
    site, inbox = mailing_site
    site.manage("invite", "dora@example.com")
    visitor.goto(inbox.link())
    expect(visitor.get_by_label("Email")).to_have_value("dora@example.com")


OPEN = """
from chatsite.accounts.models import SitePolicy
SitePolicy(pk=1, sign_up="open").save()
"""
DEACTIVATE = """
from chatsite.accounts.models import User
User.objects.filter(username="gina").update(is_active=False)
"""


def test_who_is_deactivated_in_mid_stream_is_out(
    site: Site, visitor: Page, model: OfflineModel
) -> None:
    visitor.goto(site.manage("invite").strip())
    fill_in(visitor, username="gina", **new_password())
    visitor.get_by_role("button", name="Sign up").click()
    gate = Gate()
    model.script(Fault(text="One two three four five six.", gate=gate))
    send(visitor, "Count")
    gate.release(2)
    expect(body(visitor)).to_contain_text("One")
    site.run(DEACTIVATE)
    expect(visitor).to_have_url(re.compile("/accounts/login/"))
    gate.open()
