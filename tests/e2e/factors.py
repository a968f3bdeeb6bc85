"""What people do with second factors: codes as an app shows them, passkeys as devices keep them."""

import time
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.accounts.second_factor.factors import code_at
from tests.e2e.site import PASSWORD

STEP = 30  # seconds for which an app shows a code
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class App:
    """An authenticator app: shows no code twice, as somebody would who waits for the next."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        # One step back and one ahead are tolerated.
        self.counter = int(time.time()) // STEP - 2

    def code(self) -> str:
        self.counter += 1
        return code_at(self.secret, self.counter)


class Device:
    """One in a page's browser that keeps passkeys and knows its owner, unless `options` differ."""

    def __init__(self, page: Page, **options: Any) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        answer = self.session.send(
            "WebAuthn.addVirtualAuthenticator", {"options": DEVICE | options}
        )
        self.id = answer["authenticatorId"]

    def know_owner(self, known: bool) -> None:
        """Whether the finger is the right one."""
        verified = {"authenticatorId": self.id, "isUserVerified": known}
        self.session.send("WebAuthn.setUserVerified", verified)

    def count(self) -> int:
        answer = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return len(answer["credentials"])


def first_step(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username or email").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.get_by_label("Username or email").wait_for()


def set_up_app(page: Page) -> App:
    """From the security page to the recovery codes."""
    page.get_by_role("link", name="Set up authenticator app").click()
    app = App(page.locator("#secret").inner_text())
    page.get_by_label("Code from the app").fill(app.code())
    page.get_by_role("button", name="Turn on").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    return app
