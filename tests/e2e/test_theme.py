"""The theme in the account menu: there at once, in every tab, and after a reload."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import in_both_windows
from tests.e2e.steps import name_of, open_sidebar


@in_both_windows
def test_a_theme_is_there_at_once_in_every_tab_and_stays(dora: Page) -> None:
    other = dora.context.new_page()
    other.goto(dora.url)
    open_sidebar(dora)
    dora.get_by_role("button", name=name_of(dora)).click()
    with dora.expect_response("**/accounts/theme/"):
        dora.get_by_text("Dark", exact=True).click()
    for page in (dora, other):
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(dora.get_by_role("radio", name="Dark")).to_be_checked()
    dora.reload()
    expect(dora.locator("html")).to_have_attribute("data-theme", "dark")
