"""“My data” in a browser: the download is opened, and the account erased without a trace."""

import json
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from conversations.offline_model import Fault, OfflineModel
from tests.e2e.conftest import OpenPage
from tests.e2e.site import PASSWORD, Site
from tests.e2e.steps import delete_account, open_my_data, reply, send, shows
from tests.traces import files_with, wait_until_erased

FILE = b"Zuleika plants a quincunx of trees."
WORDS = ("zuleika", "hidden.example", "quincunx")
MAKE = """
from tests.e2e.people import make_user
make_user("zuleika", "zuleika@hidden.example")
"""
# Every table, asked in a process that has the site's own settings.
SCAN = """
import json
from tests.traces import tables_with
print(json.dumps(sorted(tables_with({words!r}))))
"""


@pytest.fixture
def zuleika(site: Site, sign_in: OpenPage, model: OfflineModel) -> Page:
    """Somebody with a conversation in which a file and a code block stand."""
    site.run(MAKE)
    page = sign_in("zuleika")
    model.script(Fault(text="The quincunx:\n\n```python\nprint(5)\n```\n\nDone."))
    file: FilePayload = {"name": "quincunx.txt", "mimeType": "text/plain", "buffer": FILE}
    page.wait_for_load_state()
    page.locator("#composer input[type=file]").set_input_files([file])
    expect(page.locator(".file-chip[data-state=ready]")).to_be_visible()
    send(page, "What is a quincunx?")
    shows(page, "complete")
    return page


def tables(site: Site) -> list[str]:
    found: list[str] = json.loads(site.run(SCAN, words=WORDS))
    return found


def test_data_is_taken_away_and_the_account_erased(zuleika: Page, site: Site) -> None:
    open_my_data(zuleika)
    with zuleika.expect_download() as started:
        zuleika.get_by_role("button", name="Download my data").click()
    check(zipfile.ZipFile(started.value.path()))
    assert tables(site)
    assert files_with(site.data_dir, WORDS)
    delete_account(zuleika)
    assert tables(site) == []
    wait_until_erased(site.data_dir, WORDS)


def check(archive: zipfile.ZipFile) -> None:
    assert archive.testzip() is None
    read_me, account, record, transcript, file = archive.namelist()
    assert "zuleika" in archive.read(read_me).decode()
    assert json.loads(archive.read(account))["profile"]["email"] == "zuleika@hidden.example"
    question, answer = json.loads(archive.read(record))["messages"]
    assert question["text"] == "What is a quincunx?"
    assert answer["completion_tokens"]
    assert archive.read(file) == FILE
    assert "\n```python\nprint(5)\n```\n" in archive.read(transcript).decode()


def test_another_tabs_reply_ends_with_the_account(
    zuleika: Page, site: Site, model: OfflineModel
) -> None:
    other = zuleika.context.new_page()
    other.goto("/")
    model.script(Fault(text="quincunx " * 20_000))
    send(other, "Go on for long")
    expect(reply(other)).to_contain_text("quincunx quincunx")
    upstream = model.wait_for_request(2)
    delete_account(zuleika)
    assert upstream.disconnected.wait(10)
    other.wait_for_url("**/accounts/login/**")
    assert tables(site) == []


def test_the_command_erases_while_the_server_runs(
    zuleika: Page, site: Site, model: OfflineModel
) -> None:
    model.script(Fault(text="quincunx " * 20_000))
    send(zuleika, "Go on for long")
    expect(reply(zuleika)).to_contain_text("quincunx quincunx")
    assert site.manage("erase_user", "zuleika", "--yes").startswith("Erased zuleika: ")
    assert model.wait_for_request(2).disconnected.wait(10)
    zuleika.wait_for_url("**/accounts/login/**")
    assert tables(site) == []
    wait_until_erased(site.data_dir, WORDS)


def test_an_account_is_deleted_without_scripts(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    site.run(MAKE)
    page = new_context(base_url=site.url, java_script_enabled=False).new_page()
    page.goto("/accounts/login/?next=/accounts/data/")
    page.get_by_label("Username or email").fill("zuleika")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    delete_account(page)
    assert tables(site) == []
