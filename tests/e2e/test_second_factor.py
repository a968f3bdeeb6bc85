"""An authenticator app and recovery codes, from setting them up to being required."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.offline_model import OfflineModel
from tests.e2e.factors import first_step, set_up_app, sign_out
from tests.e2e.site import Site
from tests.e2e.steps import name_of

SECURITY = "/accounts/2fa/"


def message_box(page: Page) -> None:
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()


def enter(page: Page, code: str) -> None:
    page.get_by_label("Code from your app").fill(code)
    page.get_by_role("button", name="Sign in").click()


def test_the_code_of_an_app_is_asked_for_after_the_password(dora: Page) -> None:
    name = name_of(dora)
    dora.goto(SECURITY)
    app = set_up_app(dora)
    sign_out(dora)
    first_step(dora, name)
    enter(dora, "000000")
    expect(dora.get_by_text("That code is wrong, has expired or was used.")).to_be_visible()
    enter(dora, app.code())
    message_box(dora)


def test_the_way_to_the_settings_is_in_the_account_menu(dora: Page) -> None:
    dora.get_by_role("button", name=name_of(dora)).click()
    dora.get_by_role("link", name="Settings").click()
    dora.get_by_role("link", name="Sign-in and security").click()
    expect(dora.get_by_role("heading", name="Authenticator app")).to_be_visible()


def test_a_recovery_code_lets_in_once(dora: Page) -> None:
    name = name_of(dora)
    dora.goto(SECURITY)
    set_up_app(dora)
    code = dora.locator("#codes code").first.inner_text()
    for _ in range(2):
        sign_out(dora)
        first_step(dora, name)
        enter(dora, code)
        if _ == 0:
            message_box(dora)
            dora.goto(SECURITY)
            expect(dora.get_by_text("9 of 10 are left.")).to_be_visible()
    expect(dora.get_by_text("That code is wrong, has expired or was used.")).to_be_visible()


def test_secret_and_codes_are_copied_by_a_button(dora: Page) -> None:
    dora.goto("/accounts/2fa/totp/activate/")
    dora.get_by_role("button", name="Copy secret").click()
    expect(dora.get_by_role("button", name="Copied")).to_be_visible()
    dora.goto(SECURITY)
    set_up_app(dora)
    dora.get_by_role("button", name="Copy").click()
    expect(dora.get_by_role("button", name="Copied")).to_be_visible()


def test_the_codes_are_downloaded_as_a_file(dora: Page) -> None:
    dora.goto(SECURITY)
    set_up_app(dora)
    shown = dora.locator("#codes code").all_inner_texts()
    with dora.expect_download() as download:
        dora.get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_text().split() == shown


@pytest.fixture
def strict_site(inhabited: Path, model: OfflineModel, tmp_path: Path) -> Iterator[Site]:
    """A site that requires a second factor of its staff."""
    site = Site(tmp_path, model.base_url)
    site.begin_as(inhabited)
    site.require_second_factor("staff")
    site.start()
    yield site
    site.stop()


def test_staff_are_led_to_set_one_up_and_back(
    strict_site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(base_url=strict_site.url).new_page()
    first_step(page, "rita")
    page.goto("/admin/review/review/")
    expect(page.get_by_text("This site asks you for a second factor")).to_be_visible()
    app = set_up_app(page)
    page.get_by_role("link", name="I have saved them, go on").click()
    expect(page).to_have_url(f"{strict_site.url}/admin/review/review/")
    sign_out(page)
    first_step(page, "rita")
    enter(page, app.code())
    message_box(page)


def test_of_others_it_is_not_required(
    strict_site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(base_url=strict_site.url).new_page()
    first_step(page, "alice")
    message_box(page)


def test_a_chat_that_is_open_leads_there_too(
    inhabited: Path, model: OfflineModel, tmp_path: Path, sign_in_to: Callable[..., Page]
) -> None:
    site = Site(tmp_path, model.base_url)
    site.begin_as(inhabited)
    site.require_second_factor("nobody")
    site.start()
    try:
        rita, ada = sign_in_to(site.url, "rita"), sign_in_to(site.url, "rita")
        ada.goto("/admin/accounts/sitepolicy/1/change/")
        ada.get_by_label("second factor required of").select_option("everybody")
        ada.get_by_role("button", name="Save", exact=True).click()
        rita.get_by_role("textbox", name="Message").fill("Unsent words")
        rita.get_by_role("textbox", name="Message").press("Enter")
        expect(rita.get_by_text("This site asks you for a second factor")).to_be_visible()
        set_up_app(rita)
        rita.get_by_role("link", name="I have saved them, go on").click()
        expect(rita.get_by_role("textbox", name="Message")).to_have_value("Unsent words")
    finally:
        site.stop()
