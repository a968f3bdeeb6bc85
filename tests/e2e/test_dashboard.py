"""The dashboard as a reviewer sees it: charts that are drawn, tables that say the same."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.site import Site

# Of one's own, so that other tests' messages don't count: a range long ago.
FIGURES = """
from datetime import date, timedelta
from chatsite.accounts.models import User
from conversations.review.models import SiteDay, UserDay
alice = User.objects.get(username="alice")
for number in range(10):
    day = date(2024, 3, 1) + timedelta(days=number)
    numbers = {
        "messages": 10 + number, "replies": 10 + number, "failed": number % 3, "thumbs_up": 2,
        "prompt_tokens": 1000, "completion_tokens": 300, "cost_usd": "0.25",
        "first_token": {"140": 8, "150": 2},
    }
    SiteDay.objects.update_or_create(day=day, model="offline", defaults=numbers)
    UserDay.objects.update_or_create(user=alice, day=day, model="offline", defaults=numbers)
"""
RANGE = "/admin/review/siteday/?days=custom&begin=2024-03-01&end=2024-03-10"
# How many of a canvas's pixels something is drawn on, and the colours of a chart's bars.
DRAWN = """canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, index) => index % 4 === 3 && value > 0).length;
}"""
COLOUR = "canvas => Chart.getChart(canvas).data.datasets[0].backgroundColor"


@pytest.fixture
def dashboard(site: Site, sign_in: Callable[..., Page]) -> Page:
    site.run(FIGURES)
    page = sign_in("roger", color_scheme="light", reduced_motion="reduce")
    page.goto(RANGE)
    page.wait_for_load_state()
    return page


def charts(page: Page) -> list[Locator]:
    expect(page.locator("canvas")).to_have_count(7)
    return page.locator("canvas").all()


def test_every_chart_is_drawn_and_says_what_it_shows(dashboard: Page) -> None:
    for canvas in charts(dashboard):
        assert canvas.evaluate(DRAWN) > 500
    name = re.compile(r"Messages by day, 1 March 2024 to 10 March 2024: 145 in all, at most 19")
    expect(dashboard.get_by_role("img", name=name)).to_be_visible()


def test_the_table_says_what_the_chart_shows(dashboard: Page) -> None:
    shown = charts(dashboard)[0].evaluate("canvas => Chart.getChart(canvas).data.datasets[0].data")
    dashboard.get_by_role("link", name="Messages as a table").click()
    table = dashboard.locator("#by-day table")
    expect(table).to_be_visible()
    cells = table.locator("tbody td:nth-of-type(1)").all_inner_texts()
    assert [int(cell) for cell in reversed(cells)] == shown == list(range(10, 20))


def test_the_file_says_it_too(dashboard: Page) -> None:
    with dashboard.expect_download() as download:
        dashboard.get_by_role("link", name="Messages as CSV").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert lines[:2] == ["day,messages", "2024-03-01,10"]


def test_charts_follow_the_theme(dashboard: Page) -> None:
    canvas = charts(dashboard)[0]
    light = canvas.evaluate(COLOUR)
    dashboard.get_by_role("button", name="Toggle theme").click()
    expect(dashboard.locator("html")).to_have_attribute("data-theme", "dark")
    dark = canvas.evaluate(COLOUR)
    assert (light, dark) == ("rgb(52, 120, 156)", "rgb(121, 196, 236)")
    dashboard.evaluate("localStorage.removeItem('theme')")


def test_the_page_fits_a_small_phone(dashboard: Page) -> None:
    dashboard.set_viewport_size({"width": 320, "height": 640})
    for by in ("model", "group", "user"):
        dashboard.goto(f"{RANGE}&by={by}#by-day")
        dashboard.wait_for_load_state()
        assert dashboard.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_scripts_the_tables_are_shown(
    site: Site, dashboard: Page, new_context: Callable[..., object]
) -> None:
    state = dashboard.context.storage_state()
    context = new_context(base_url=site.url, storage_state=state, java_script_enabled=False)
    page: Page = context.new_page()  # type: ignore[attr-defined]
    page.goto(RANGE)
    expect(page.locator("#by-day table")).to_be_visible()
    expect(page.locator("canvas").first).to_be_hidden()


def test_a_range_is_chosen_by_keyboard(dashboard: Page) -> None:
    dashboard.get_by_label("From").fill("2024-03-05")
    dashboard.get_by_label("until", exact=True).press("Enter")
    expect(dashboard.locator("dt", has_text="Messages").locator("xpath=..")).to_contain_text("99")
