"""axe finds nothing to complain of: on no page, in neither theme, on no screen."""

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.access_table import TABLE
from tests.e2e.site import Site
from tests.e2e.steps import body, send

# No page, and it doesn't end while somebody listens.
ENDLESS = "/conversations/feed/"
AXE_SCRIPT = files("axe_playwright_python").joinpath("axe.min.js").read_text()
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# Everything but the size of targets is on by default.
EVERY_RULE = {"rules": {"target-size": {"enabled": True}}}
CONTRAST = {"runOnly": ["color-contrast"]}
# What is looked at without a page being loaded again: another theme changes colours alone.
LOOKS = (
    (WIDE, "light", EVERY_RULE),
    (WIDE, "dark", CONTRAST),
    (NARROW, "dark", EVERY_RULE),
    (NARROW, "light", CONTRAST),
)
RUN = """
async (options) => {
  // Colours that are half way to another theme belong to neither.
  getComputedStyle(document.body).color;
  for (const each of document.getAnimations()) each.cancel();
  const {violations} = await axe.run(document, {resultTypes: ["violations"], ...options});
  return violations.flatMap(({id, nodes}) =>
    nodes.map(({html, failureSummary}) => `${id}: ${html.slice(0, 200)} (${failureSummary})`));
}
"""
UNFOLD = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"


def violations(page: Page) -> list[str]:
    """What axe finds, each with the look in which it is found first."""
    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    found: dict[str, str] = {}
    for size, theme, options in LOOKS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        for line in page.evaluate(RUN, options):
            found.setdefault(line, f"{size['width']} px, {theme}: {line}")
    return list(found.values())


@dataclass(frozen=True)
class Exhibition:
    url: str
    cookies: dict[str, str]
    values: dict[str, Any]
    pages: dict[str, str]

    def addresses(self) -> list[str]:
        """Every address that can be opened, from the table that has every URL of the site."""
        opened = [row for row in TABLE if row.method == "GET" and row.path != ENDLESS]
        return [row.path.format(**self.values) for row in opened]


@pytest.fixture(scope="module")
def exhibition(
    inhabited: Path, offline_model: OfflineModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Exhibition]:
    sso = {
        "OIDC_ISSUER": "https://id.example.com",
        "OIDC_CLIENT_ID": "a",
        "OIDC_CLIENT_SECRET": "b",
    }
    site = Site(tmp_path_factory.mktemp("exhibition"), offline_model.base_url, **sso)
    site.begin_as(inhabited)
    filled = site.run("import tests.e2e.exhibition")
    site.start()
    yield Exhibition(site.url, **json.loads(filled))
    site.stop()


def visitor(browser: Browser, exhibition: Exhibition, who: str) -> BrowserContext:
    context = browser.new_context(base_url=exhibition.url)
    if cookie := exhibition.cookies.get(who):
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": exhibition.url}])
    return context


@pytest.mark.parametrize(
    ("who", "pages"),
    [
        ("nobody", slice(None)),
        ("alice", slice(None)),
        ("ada", slice(0, None, 2)),
        ("ada", slice(1, None, 2)),
    ],
)
def test_every_page_is_accessible(
    browser: Browser, exhibition: Exhibition, who: str, pages: slice
) -> None:
    found, seen = {}, set[str]()
    with visitor(browser, exhibition, who) as context:
        page = context.new_page()
        for address in exhibition.addresses()[pages]:
            if page_is_new(page, address, seen):
                found[address] = violations(page)
    assert {address: lines for address, lines in found.items() if lines} == {}


def page_is_new(page: Page, address: str, seen: set[str]) -> bool:
    """Opens the page; false where there is none, or one that the address before led to as well."""
    answer = page.request.get(address)
    path = urlsplit(answer.url).path
    is_page = answer.status != 405 and "<html" in answer.text()
    if not is_page or path in seen:
        return False
    seen.add(path)
    page.goto(address)
    page.evaluate(UNFOLD)
    return True


def test_every_page_about_a_failure_is_accessible(browser: Browser, exhibition: Exhibition) -> None:
    found = {}
    with visitor(browser, exhibition, "nobody") as context:
        page = context.new_page()
        for template, html in exhibition.pages.items():
            page.route("**/exhibit/", functools.partial(fulfill, html))
            page.goto("/exhibit/")
            found[template] = violations(page)
            page.unroute("**/exhibit/")
    assert {template: lines for template, lines in found.items() if lines} == {}


def fulfill(html: str, route: Route) -> None:
    route.fulfill(body=html, content_type="text/html")


@pytest.fixture
def gate(model: OfflineModel) -> Iterator[Gate]:
    gate = Gate()
    model.script(Fault(text="Words and\n\n```python\nprint()\n" * 3, gate=gate))
    yield gate
    gate.open()


def test_a_reply_is_accessible_while_it_is_waited_for_and_written(alice: Page, gate: Gate) -> None:
    send(alice, "Hello")
    assert violations(alice) == []
    gate.release(12)
    expect(body(alice).locator("pre")).to_be_visible()
    assert violations(alice) == []


@pytest.mark.parametrize("opener", ["Rename", "Delete"])
def test_menus_and_dialogs_are_accessible(
    browser: Browser, exhibition: Exhibition, opener: str
) -> None:
    with visitor(browser, exhibition, "alice") as context:
        page = context.new_page()
        page.goto(f"/c/{exhibition.values['c']}/")
        page.get_by_role("button", name="Conversation menu").click()
        assert violations(page) == []
        page.get_by_role("button", name=opener, exact=True).first.click()
        assert violations(page) == []


def test_the_sheet_and_the_account_menu_are_accessible(
    browser: Browser, exhibition: Exhibition
) -> None:
    with visitor(browser, exhibition, "ada") as context:
        page = context.new_page()
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        page.goto("/")
        page.get_by_role("button", name="Open sidebar").click()
        page.get_by_role("button", name="ada").click()
        page.evaluate(AXE_SCRIPT)
        assert page.evaluate(RUN, EVERY_RULE) == []


def test_what_a_slash_offers_and_asks_is_accessible(
    browser: Browser, exhibition: Exhibition
) -> None:
    with visitor(browser, exhibition, "alice") as context:
        page = context.new_page()
        page.goto("/")
        page.wait_for_load_state()
        page.locator("#composer-text").press("/")
        expect(page.get_by_role("option")).to_have_count(2)
        assert violations(page) == []
        page.locator("#composer-text").press("Enter")
        page.get_by_role("dialog").wait_for()
        assert violations(page) == []
