"""Single sign-on in the browser: the site, and a real identity provider beside it."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.offline_model import OfflineModel
from tests.e2e.site import PASSWORD, Site
from tests.e2e.steps import send, shows
from tests.identity_provider import password
from tests.identity_provider.provider import IdentityProvider

type NewContext = Callable[..., BrowserContext]

CONTINUE = "Continue with Example ID"


@pytest.fixture(scope="module")
def make_site(
    identity_provider: IdentityProvider,
    inhabited: Path,
    offline_model: OfflineModel,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., Site]]:
    """Makes sites whose users may come from the provider, each registered there."""
    sites = []

    def make(**environment: str) -> Site:
        site = Site(tmp_path_factory.mktemp("site"), offline_model.base_url)
        site.environment |= identity_provider.register(uuid.uuid4().hex, site.url)
        site.environment |= {"OIDC_ALLOWED_DOMAINS": "example.com", **environment}
        site.begin_as(inhabited)
        site.start()
        sites.append(site)
        return site

    yield make
    for site in sites:
        site.stop()


@pytest.fixture(scope="module")
def site(make_site: Callable[..., Site]) -> Site:
    return make_site(
        OIDC_ROLE_CLAIM="groups",
        OIDC_ROLES="chat-admins:administrator,chat-reviewers:reviewer",
    )


@pytest.fixture(scope="module")
def site_without_passwords(make_site: Callable[..., Site]) -> Site:
    site = make_site(LOCAL_PASSWORDS="false")
    mark = "from chatsite.accounts.models import User; User.objects.update(break_glass=True)"
    site.run(mark)
    return site


@pytest.fixture
def dana(identity_provider: IdentityProvider) -> str:
    """Somebody new from the allowed domain."""
    name = f"dana{uuid.uuid4().hex[:8]}"
    identity_provider.person(name, f"{name}@example.com", name="Dana Scully")
    return name


def go_to_provider(context: BrowserContext, site: Site) -> Page:
    page = context.new_page()
    page.goto(f"{site.url}/accounts/login/")
    page.get_by_role("button", name=CONTINUE).click()
    return page


def sign_in_there(page: Page, name: str, *, answer: str = "Authorize") -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password.PASSWORD)
    page.get_by_role("button", name="Sign In").click()
    page.get_by_role("button", name=answer).click()


def test_from_the_sign_in_page_to_the_first_message(
    new_context: NewContext, site: Site, dana: str
) -> None:
    page = go_to_provider(new_context(), site)
    sign_in_there(page, dana)
    send(page, "Hello")
    shows(page, "complete")
    expect(page.get_by_role("navigation", name="Conversations")).to_be_attached()


def test_the_second_visit_finds_the_conversations(
    new_context: NewContext, site: Site, dana: str
) -> None:
    context = new_context()
    page = go_to_provider(context, site)
    sign_in_there(page, dana)
    send(page, "Remember the milk")
    shows(page, "complete")
    context.clear_cookies(name="sessionid")
    page = go_to_provider(context, site)
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("link", name="Remember the milk")).to_be_attached()


def test_the_page_that_was_wanted_is_reached(
    new_context: NewContext, site: Site, dana: str
) -> None:
    page = new_context(base_url=site.url).new_page()
    page.goto("/accounts/sessions/")
    page.get_by_role("button", name=CONTINUE).click()
    sign_in_there(page, dana)
    page.wait_for_url(f"{site.url}/accounts/sessions/")


def test_another_domain_is_refused(
    new_context: NewContext, site: Site, identity_provider: IdentityProvider
) -> None:
    name = f"eve{uuid.uuid4().hex[:8]}"
    identity_provider.person(name, f"{name}@example.org")
    page = go_to_provider(new_context(), site)
    sign_in_there(page, name)
    expect(page.get_by_role("heading", name="No account for you yet")).to_be_visible()
    page.get_by_role("link", name="Back to sign-in").click()
    expect(page.get_by_role("button", name=CONTINUE)).to_be_visible()


def test_a_claim_makes_an_administrator(
    new_context: NewContext, site: Site, identity_provider: IdentityProvider
) -> None:
    name = f"root{uuid.uuid4().hex[:8]}"
    claims = {"groups": ["chat-admins"]}
    identity_provider.person(name, f"{name}@example.com", claims=claims)
    page = go_to_provider(new_context(), site)
    sign_in_there(page, name)
    page.get_by_role("textbox", name="Message").wait_for()
    page.goto(f"{site.url}/admin/accounts/user/")
    expect(page.get_by_role("link", name=name)).to_be_visible()


def test_who_says_no_at_the_provider_is_told_how_to_go_on(
    new_context: NewContext, site: Site, dana: str
) -> None:
    page = go_to_provider(new_context(), site)
    sign_in_there(page, dana, answer="Cancel")
    expect(page.get_by_role("heading", name="You weren’t signed in")).to_be_visible()
    page.get_by_role("link", name="Back to sign-in").click()
    page.get_by_role("button", name=CONTINUE).wait_for()


def test_back_from_the_provider_is_the_sign_in_page(new_context: NewContext, site: Site) -> None:
    page = go_to_provider(new_context(), site)
    page.get_by_label("Username").wait_for()
    page.go_back()
    expect(page.get_by_role("button", name=CONTINUE)).to_be_visible()


def test_without_javascript(new_context: NewContext, site: Site, dana: str) -> None:
    page = go_to_provider(new_context(java_script_enabled=False), site)
    sign_in_there(page, dana)
    page.wait_for_url(f"{site.url}/")


def test_the_server_says_when_nobody_could_break_the_glass(make_site: Callable[..., Site]) -> None:
    site = make_site()
    assert "break-glass" not in site.read_log()
    site.stop()
    site.environment["LOCAL_PASSWORDS"] = "false"
    site.start()
    assert "no administrator is a break-glass one" in site.read_log()


def test_a_password_is_refused_where_passwords_are_off(
    new_context: NewContext, site_without_passwords: Site
) -> None:
    page = new_context(base_url=site_without_passwords.url).new_page()
    page.goto("/accounts/login/")
    expect(page.get_by_label("Username or email")).to_be_hidden()
    sign_in_by_password(page, "alice")
    expect(page.get_by_text("don’t belong together")).to_be_visible()


def test_a_break_glass_administrator_gets_in(
    new_context: NewContext, site_without_passwords: Site
) -> None:
    page = new_context(base_url=site_without_passwords.url).new_page()
    page.goto("/accounts/login/")
    sign_in_by_password(page, "rita")
    page.get_by_role("textbox", name="Message").wait_for()


def sign_in_by_password(page: Page, name: str) -> None:
    page.get_by_text("Break-glass sign-in").click()
    page.get_by_label("Username or email").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_who_comes_by_the_provider_needs_no_password_there(
    new_context: NewContext, site_without_passwords: Site, dana: str
) -> None:
    page = go_to_provider(new_context(), site_without_passwords)
    sign_in_there(page, dana)
    page.get_by_role("textbox", name="Message").wait_for()
