"""Files that are too much for the model as they are: what else can be sent, and what is said."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from conversations.offline_model import OfflineModel
from tests.attachments.pdf_files import pdf, text_page
from tests.e2e.attaching import attach, chips, choose, picture, press_send, sent, text_file
from tests.e2e.conftest import in_both_windows, make_new_user
from tests.e2e.site import Site
from tests.e2e.steps import box, reply, send, shows
from tests.e2e.test_accessibility import violations

type OpenPage = Callable[..., Page]
# Four pages fit.
BUDGET = "11000"
LIMIT = """
from chatsite.accounts.models import Limit, User
Limit.objects.create(user=User.objects.get(username={name!r}), file_megabytes=1, file_kinds=["pdf"])
"""


@pytest.fixture(scope="module")
def narrow_site(
    inhabited: Path, offline_model: OfflineModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A site whose model is sent little at once."""
    folder = tmp_path_factory.mktemp("narrow")
    with Site(folder, offline_model.base_url, CONTEXT_BUDGET=BUDGET) as site:
        site.begin_as(inhabited)
        site.start()
        yield site


@pytest.fixture
def visit(narrow_site: Site, new_context: Callable[..., BrowserContext]) -> OpenPage:
    def visit(**options: object) -> Page:
        context = new_context(base_url=narrow_site.url, **options)
        key = narrow_site.make_session(make_new_user(narrow_site))
        context.add_cookies([{"name": "sessionid", "value": key, "url": narrow_site.url}])
        page = context.new_page()
        page.goto("/")
        return page

    return visit


@pytest.fixture
def bob(visit: OpenPage, window: dict[str, object]) -> Page:
    return visit(**window)


def report(pages: int = 30, name: str = "report.pdf") -> FilePayload:
    content = pdf([text_page(f"Page {number}") for number in range(1, pages + 1)])
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


@in_both_windows
def test_the_first_pages_of_a_long_pdf_are_sent(bob: Page, model: OfflineModel) -> None:
    attach(bob, report())
    expect(chips(bob).locator("img")).to_be_visible()
    box(bob).fill("Sum it up.")
    press_send(bob)
    error = bob.get_by_role("alert").filter(has_text="“report.pdf” is too long")
    expect(error.get_by_role("button", name="Send only its text")).to_be_visible()
    assert violations(bob) == []
    error.get_by_role("button", name="Send only its first 4 pages").click()
    expect(sent(bob)).to_contain_text("first 4 of 30 pages")
    expect(sent(bob)).to_contain_text("Sum it up.")
    expect(box(bob)).to_have_value("")
    expect(chips(bob)).to_have_count(0)
    shows(bob, "complete")
    expect(reply(bob)).to_contain_text("report.pdf")
    contents = [request.body["messages"][-1]["content"] for request in model.requests]
    content = next(content for content in contents if isinstance(content, list))
    assert content[0]["text"] == '[These are the first 4 of the 30 pages of the PDF "report.pdf".]'
    assert content[1]["type"] == "file"


@in_both_windows
def test_the_whole_file_can_still_be_saved(bob: Page) -> None:
    file = report(29, "a-report-with-quite-a-long-name-for-a-phone.pdf")
    attach(bob, file)
    press_send(bob)
    bob.get_by_role("button", name=re.compile("Send only its first")).click()
    sent(bob).get_by_role("link", name=re.compile("a-report")).click()
    viewer = bob.get_by_role("dialog")
    expect(viewer).to_contain_text("Sent: first 4 of 29 pages")
    with bob.expect_download() as download:
        viewer.get_by_role("link", name="Download").click()
    close = viewer.get_by_role("button", name="Close").bounding_box()
    assert close
    assert close["x"] + close["width"] <= bob.evaluate("innerWidth")
    assert Path(download.value.path()).read_bytes() == file["buffer"]


def test_only_the_text_of_a_long_pdf_is_sent(bob: Page) -> None:
    attach(bob, report(28))
    press_send(bob)
    bob.get_by_role("button", name="Send only its text").click()
    expect(sent(bob)).to_contain_text("text only")


def test_pictures_that_are_too_much_together_go_in_low_detail(
    bob: Page, model: OfflineModel
) -> None:
    attach(bob, *[picture(f"{number}.png", 1600, 1200, level=1) for number in range(5)])
    press_send(bob)
    bob.get_by_role("button", name="Send pictures in low detail").click()
    expect(sent(bob).get_by_role("img")).to_have_count(5)
    shows(bob, "complete")
    expect(reply(bob)).to_contain_text("512 × 384")
    sent(bob).get_by_role("link", name="0.png").click()
    expect(bob.get_by_role("dialog")).to_contain_text("Sent: low detail")
    assert violations(bob) == []


def test_without_scripts_the_same_is_offered(visit: OpenPage) -> None:
    page = visit(java_script_enabled=False)
    page.locator("input[type=file]").set_input_files([report(27)])
    box(page).fill("Sum it up.")
    press_send(page)
    expect(box(page)).to_have_value("Sum it up.")
    page.get_by_role("button", name="Send only its first 4 pages").click()
    page.wait_for_url("**/c/**")
    expect(sent(page)).to_contain_text("first 4 of 27 pages")
    expect(sent(page)).to_contain_text("Sum it up.")


def test_without_scripts_a_file_is_taken_back_and_the_text_stays(visit: OpenPage) -> None:
    page = visit(java_script_enabled=False)
    page.locator("input[type=file]").set_input_files([report(26), text_file()])
    box(page).fill("What I have written so far")
    press_send(page)
    page.get_by_role("button", name="Remove report.pdf").click()
    expect(chips(page)).to_have_count(1)
    expect(box(page)).to_have_value("What I have written so far")
    press_send(page)
    page.wait_for_url("**/c/**")
    expect(sent(page)).to_contain_text("notes.txt")


def test_what_a_user_may_not_attach_is_said_at_once(site: Site, sign_in: OpenPage) -> None:
    name = "a_limited_user"
    site.make_user(name)
    site.run(LIMIT, name=name)
    page = sign_in(name)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    large: FilePayload = {"name": "large.bin", "mimeType": "", "buffer": bytes(1024 * 1024 + 1)}
    choose(page, large, picture("cat.png"))
    expect(chips(page, "failed").first).to_contain_text("where a file may have 1.0")
    expect(chips(page, "failed").last).to_contain_text("Files of this kind are not allowed here.")
    assert not [url for url in asked if url.endswith("/files/")]
    attach(page, report(2, "short.pdf"))
    send(page, "A short one")
    expect(sent(page)).to_contain_text("2 pages")
