"""Browser tests: Chromium against the site in a process of its own, and the offline model in this
one.

Every page fails its test on a console error or a violation of the content security policy.
"""

import itertools
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from conversations.offline_model import OfflineModel
from tests.chromium import ARGUMENTS, CHROMIUM
from tests.e2e.held import Held, Hold
from tests.e2e.inhabited import inhabited_folder
from tests.e2e.prompts import import_prompts
from tests.e2e.site import PASSWORD, Site

# What a dropped line or a refused message leaves on the console is no fault of the page.
EXPECTED = ("Failed to load resource", "net::ERR_", "htmx:sse:error", "htmx:error: ")

NUMBERS = itertools.count()
# Milliseconds: what comes at all comes within these, however busy the machine is.
TIMEOUT = 45_000
expect.set_options(timeout=TIMEOUT)

# Windows that a test may ask for by the argument `window`.
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
in_both_windows = pytest.mark.parametrize(
    "window", [{"viewport": {"width": 1440, "height": 900}}, PHONE], ids=["wide", "phone"]
)

type OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def offline_model() -> Iterator[OfflineModel]:
    with OfflineModel(rate=200) as server:
        yield server


@pytest.fixture
def model(offline_model: OfflineModel) -> OfflineModel:
    """The model of the site, without memory of other tests."""
    offline_model.forget()
    return offline_model


@pytest.fixture(scope="session")
def inhabited() -> Path:
    return inhabited_folder()


@pytest.fixture(scope="session")
def site(
    inhabited: Path, offline_model: OfflineModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with Site(tmp_path_factory.mktemp("site"), offline_model.base_url) as site:
        site.begin_as(inhabited)
        site.start()
        yield site


@pytest.fixture
def own_site(inhabited: Path, model: OfflineModel, tmp_path: Path) -> Iterator[Site]:
    """A site that may be killed."""
    environment = {"CHECKPOINT_INTERVAL": "0.2", "SHUTDOWN_GRACE": "1"}
    with Site(tmp_path, model.base_url, **environment) as site:
        site.begin_as(inhabited)
        site.start()
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        reason = "Chromium is not installed, so the browser tests can't run"
        pytest.fail(reason) if os.environ.get("REQUIRE_ALL") else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes contexts (separate cookies), each watched for errors until the test ends."""
    errors: list[str] = []
    contexts = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(TIMEOUT)
        context.on("page", lambda page: watch(page, errors))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def hold(new_context: Callable[..., BrowserContext]) -> Iterator[Hold]:
    """Holds requests of a page, at the longest until the test ends.

    Playwright has a task for each, and would report in another test that one never came to its end.
    """
    every: list[Held] = []

    def hold(page: Page, pattern: str | re.Pattern[str], method: str = "") -> Held:
        every.append(Held(page, pattern, method))
        return every[-1]

    yield hold
    for held in every:
        held.let_go()


def watch(page: Page, errors: list[str]) -> None:
    def on_console(message: object) -> None:
        text = message.text  # type: ignore[attr-defined]
        if message.type == "error" and not any(word in text for word in EXPECTED):  # type: ignore[attr-defined]
            errors.append(text)

    page.on("console", on_console)
    page.on("pageerror", lambda error: errors.append(str(error)))


@pytest.fixture
def sign_in_to(new_context: Callable[..., BrowserContext]) -> OpenPage:
    """Signs somebody in to a site by its form, in a context of their own."""

    def sign_in_to(url: str, name: str = "alice", **options: object) -> Page:
        page = new_context(base_url=url, **options).new_page()
        page.goto("/accounts/login/")
        page.get_by_label("Username or email").fill(name)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("textbox", name="Message").wait_for()
        page.wait_for_load_state()
        return page

    return sign_in_to


@pytest.fixture
def sign_in(site: Site, new_context: Callable[..., BrowserContext]) -> OpenPage:
    """Opens a new chat as somebody who is signed in: a new user unless they are named."""

    def sign_in(name: str = "", **options: object) -> Page:
        context = new_context(base_url=site.url, **options)
        key = site.make_session(name or make_new_user(site))
        context.add_cookies([{"name": "sessionid", "value": key, "url": site.url}])
        page = context.new_page()
        page.goto("/")
        page.get_by_role("textbox", name="Message").wait_for()
        return page

    return sign_in


def make_new_user(site: Site) -> str:
    # Of one length, so that none is a part of another.
    name = f"alice{next(NUMBERS):03}"
    site.make_user(name)
    return name


@pytest.fixture
def window() -> dict[str, object]:
    """What `alice` and `dora` look through; tests can be parametrized with others."""
    return {}


@pytest.fixture
def alice(sign_in: OpenPage, window: dict[str, object]) -> Page:
    """A new user, whom no other test knows: their account may change."""
    return sign_in(**window)


@pytest.fixture
def prompter(alice: Page, tmp_path: Path, model: OfflineModel) -> Page:
    """A new chat of a new user who has four prompts."""
    import_prompts(alice, tmp_path / "prompts.json")
    return alice


@pytest.fixture
def dora(sign_in: OpenPage, window: dict[str, object]) -> Page:
    """Another new user."""
    return sign_in(**window)
