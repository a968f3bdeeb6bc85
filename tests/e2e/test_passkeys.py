"""Passkeys, kept by a device that Chromium makes up: added, used to sign in, refused, removed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.factors import Device, first_step, sign_out
from tests.e2e.site import Site
from tests.e2e.steps import name_of

SECURITY = "/accounts/2fa/"


@pytest.fixture
def device(dora: Page) -> Device:
    return Device(dora)


def add(page: Page, name: str) -> None:
    page.goto(SECURITY)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def test_a_passkey_signs_in_without_a_password(dora: Page, device: Device) -> None:
    name = name_of(dora)
    add(dora, "My laptop")
    assert device.count() == 1
    sign_out(dora)
    dora.get_by_role("button", name="Use a passkey").click()
    expect(dora.get_by_role("textbox", name="Message")).to_be_visible()
    assert name_of(dora) == name
    dora.goto(SECURITY)
    expect(dora.get_by_text("Last used now")).to_be_visible()


def test_it_leads_to_where_one_was_headed(dora: Page, device: Device) -> None:
    add(dora, "My laptop")
    sign_out(dora)
    dora.goto("/accounts/sessions/")
    dora.get_by_role("button", name="Use a passkey").click()
    expect(dora.get_by_role("heading", name="Sessions")).to_be_visible()


def test_it_works_by_keyboard(dora: Page, device: Device) -> None:
    dora.goto("/accounts/2fa/webauthn/add/")
    dora.get_by_label("Name").press("Enter")
    expect(dora.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(dora)
    dora.get_by_role("button", name="Use a passkey").press("Enter")
    expect(dora.get_by_role("textbox", name="Message")).to_be_visible()


def test_after_the_password_it_is_the_second_step(dora: Page, device: Device) -> None:
    name = name_of(dora)
    add(dora, "My laptop")
    sign_out(dora)
    first_step(dora, name)
    dora.get_by_role("button", name="Use a passkey").click()
    expect(dora.get_by_role("textbox", name="Message")).to_be_visible()


def test_a_security_key_that_knows_nobody_comes_after_the_password(dora: Page) -> None:
    name = name_of(dora)
    Device(dora, transport="usb", hasResidentKey=False, hasUserVerification=False)
    dora.goto("/accounts/2fa/webauthn/add/")
    dora.get_by_label("Sign in with it alone").uncheck()
    dora.get_by_role("button", name="Add").click()
    expect(dora.get_by_role("heading", name="Recovery codes")).to_be_visible()
    dora.goto(SECURITY)
    expect(dora.get_by_text("After the password")).to_be_visible()
    sign_out(dora)
    first_step(dora, name)
    dora.get_by_role("button", name="Use a passkey").click()
    expect(dora.get_by_role("textbox", name="Message")).to_be_visible()


@pytest.mark.parametrize("step", ["add", "sign in"])
def test_cancelling_is_said_in_words(dora: Page, device: Device, step: str) -> None:
    if step == "sign in":
        add(dora, "My laptop")
        sign_out(dora)
    else:
        dora.goto("/accounts/2fa/webauthn/add/")
    device.know_owner(False)
    button = dora.get_by_role("button", name="Add" if step == "add" else "Use a passkey")
    button.click()
    expect(dora.get_by_role("alert").get_by_text("No passkey was used")).to_be_visible()
    device.know_owner(True)
    button.click()
    expect(dora.get_by_role("alert").get_by_text("No passkey was used")).to_have_count(0)


def test_the_same_device_is_not_added_twice(dora: Page, device: Device) -> None:
    add(dora, "My laptop")
    dora.goto("/accounts/2fa/webauthn/add/")
    dora.get_by_role("button", name="Add").click()
    expect(dora.get_by_text("This device already has a passkey")).to_be_visible()


def test_it_is_renamed_and_removed(dora: Page, device: Device) -> None:
    add(dora, "My laptop")
    dora.goto(SECURITY)
    dora.get_by_role("link", name="Rename").click()
    dora.get_by_label("Name").fill("My phone")
    dora.get_by_role("button", name="Rename").click()
    expect(dora.get_by_text("My phone")).to_be_visible()
    dora.get_by_role("link", name="Remove", exact=True).click()
    dora.get_by_role("button", name="Remove").click()
    expect(dora.get_by_text("The passkey is removed.")).to_be_visible()
    expect(dora.get_by_text("My phone")).to_have_count(0)


def test_one_that_was_removed_signs_nobody_in(dora: Page, device: Device) -> None:
    add(dora, "My laptop")
    dora.goto(SECURITY)
    dora.get_by_role("link", name="Remove", exact=True).click()
    dora.get_by_role("button", name="Remove").click()
    sign_out(dora)
    dora.get_by_role("button", name="Use a passkey").click()
    expect(dora.get_by_text("This passkey isn’t known here")).to_be_visible()


NO_WEBAUTHN = "delete window.PublicKeyCredential;"


def test_a_browser_without_passkeys_is_offered_none(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(base_url=site.url)
    context.add_init_script(NO_WEBAUTHN)
    page = context.new_page()
    page.goto("/accounts/login/")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()


def test_at_an_address_of_numbers_the_page_leads_to_localhost(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    path = "/accounts/login/?next=/accounts/profile/"
    page.goto(site.url.replace("localhost", "127.0.0.1") + path)
    page.get_by_role("link", name="http://localhost").click()
    expect(page).to_have_url(f"{site.url}{path}")
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
