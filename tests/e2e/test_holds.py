"""A legal hold as each of the people in it sees it: who places it, whose conversation it is, who
may not know of it.
"""

import zipfile
from functools import partial

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.review import QUEUE, in_queue, open_and_look, search_and_look
from tests.e2e.site import Site
from tests.e2e.steps import (
    delete_account,
    delete_conversation,
    name_of,
    open_my_data,
    send,
    shows,
    wait_on_page,
)
from tests.traces import wait_until_erased

HOLDS = "/admin/review/hold/"
LOG = "/admin/review/accessentry/"
REASON = "Case 2031"


def chat(page: Page, text: str) -> str:
    """Has a reply to it; the conversation's address."""
    send(page, text)
    shows(page, "complete")
    return page.url


def status(page: Page, url: str) -> int:
    response = page.goto(url)
    assert response
    return response.status


def finds(page: Page, words: str) -> bool:
    """Whether a search finds anything by now."""
    page.goto(f"{QUEUE}search/")
    return search_and_look(page, words, page.locator("mark"))


def place_hold(ada: Page, title: str) -> str:
    """On the transcript; its address."""
    in_queue(ada, title, query="")
    ada.get_by_label("Why it is held").fill(REASON)
    ada.get_by_role("button", name="Place a legal hold").click()
    expect(ada.get_by_text("The conversation is held. Nobody can delete it.")).to_be_visible()
    expect(ada.get_by_role("region", name="On legal hold")).to_contain_text(REASON)
    return ada.url.partition("?")[0]


def read_by_hold(ada: Page, title: str, owner: str) -> None:
    """From the list of holds, for whoever may see them; once it can't be undone any more."""
    row = ada.get_by_role("row").filter(has_text=title)
    deleted = row.filter(has_text=f"{owner}, who has deleted it")
    wait_on_page(ada, partial(open_and_look, ada, HOLDS, deleted), "the deletion")
    row.get_by_role("link", name=title).click()
    expect(ada.locator("article[data-role=user]")).to_contain_text(title)
    hold = ada.get_by_role("region", name="On legal hold")
    expect(hold).to_contain_text("Its owner has deleted it")
    expect(hold).to_contain_text(f"{owner}@example.com")


def release(ada: Page, transcript: str) -> None:
    """It is gone then, also for who released it."""
    ada.get_by_role("link", name="Release…").click()
    expect(ada.get_by_text("Releasing the hold erases it for good")).to_be_visible()
    ada.get_by_role("button", name="Release the hold and erase").click()
    expect(ada.get_by_text("nobody finds it any more")).to_be_visible()
    assert status(ada, transcript) == 404


def test_what_its_owner_deletes_stays_until_it_is_released(
    site: Site, dora: Page, sign_in: OpenPage
) -> None:
    title = "Where are the numbats kept, zanzibarledger?"
    name, chat_url = name_of(dora), chat(dora, title)
    ada, roger = sign_in("ada"), sign_in("roger")
    transcript = place_hold(ada, title)
    wait_on_page(roger, partial(finds, roger, "numbats"), "the message in the search")

    delete_conversation(dora)
    expect(dora.get_by_role("link", name=title)).to_have_count(0)
    assert status(dora, chat_url) == 404
    assert "zanzibarledger" not in downloaded(dora)

    assert not finds(roger, "numbats")
    assert status(roger, transcript) == 404
    assert not open_and_look(roger, QUEUE, roger.get_by_role("link", name=title))
    assert status(roger, HOLDS) == 403

    assert finds(ada, "numbats")
    read_by_hold(ada, title, name)
    release(ada, transcript)
    assert not finds(ada, "numbats")
    assert not open_and_look(ada, HOLDS, ada.get_by_role("link", name=title))
    wait_until_erased(site.data_dir, ["zanzibarledger"])


def downloaded(page: Page) -> str:
    """All that somebody is given as their data."""
    open_my_data(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my data").click()
    archive = zipfile.ZipFile(download.value.path())
    return " ".join(archive.read(name).decode() for name in archive.namelist())


def test_an_erased_account_leaves_what_is_held_and_entries_that_name_nobody(
    dora: Page, sign_in: OpenPage
) -> None:
    title = "Which bilbies burrow deepest?"
    name, _url = name_of(dora), chat(dora, title)
    ada = sign_in("ada")
    transcript = place_hold(ada, title)
    assert names(ada, name)

    delete_account(dora)
    read_by_hold(ada, title, name)
    release(ada, transcript)
    assert not names(ada, name)
    erased = ada.get_by_role("row").filter(has_text="Erased user")
    expect(erased.filter(has_text="Placed a legal hold")).not_to_have_count(0)
    expect(erased.filter(has_text="Released a legal hold")).not_to_have_count(0)


def names(ada: Page, name: str) -> bool:
    """Whether the access log names somebody."""
    return open_and_look(ada, LOG, ada.get_by_role("row").filter(has_text=name))
