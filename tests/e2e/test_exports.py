"""An export as an administrator meets it: the file comes, and the page says how far it is."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.site import Site

FORMATS = ("JSONL for fine-tuning", "JSONL with everything", "CSV")
TURN = ("user", "assistant")
TEXTS = ["=1+1", "Two.", "And 1+2?", "Three."]

MAKE = """
from chatsite.accounts.models import User
from conversations.outbox import worker
from tests.factories import make_conversation
alice = User.objects.get(username="alice")
for number in range(3):
    make_conversation(alice, "Hello", "Hello to you.", title="To be exported")
worker.process_outbox()
"""
FORGET = """
from conversations.models import Conversation
Conversation.objects.filter(title="To be exported").delete()
"""


# Somebody who may export and may not see who users are, and whose conversation they export.
REVIEWER = """
from django.contrib.auth.models import Permission
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import set_role
from conversations.outbox import worker
from tests.e2e.people import make_user
from tests.factories import make_conversation
erin = make_user("erin")
set_role(erin, Role.REVIEWER)
erin.user_permissions.add(Permission.objects.get(codename="export_conversations"))
zoe = make_user("zoe", "zoe@marchbanks.example", name="Zoe Marchbanks")
make_conversation(zoe, "=1+1", "Two.", "And 1+2?", "Three.", title="Sums")
worker.process_outbox()
print(zoe.pseudonym)
"""


@pytest.fixture
def ada(site: Site, sign_in: Callable[..., Page]) -> Iterator[Page]:
    site.run(MAKE)
    yield sign_in("ada")
    site.run(FORGET)


def test_the_file_comes_and_the_page_says_so(ada: Page) -> None:
    ada.goto("/admin/review/export/")
    with ada.expect_download() as download:
        ada.get_by_role("button", name="Export").click()
    lines = download.value.path().read_text().splitlines()
    assert json.loads(lines[0])["messages"][-1]["role"] == "assistant"
    latest = ada.get_by_role("region", name="Your latest exports").get_by_role("listitem").first
    expect(latest).to_contain_text("Done:")


def test_each_format_holds_what_it_should_and_no_name(site: Site, sign_in: OpenPage) -> None:
    person = site.run(REVIEWER).strip()
    erin = sign_in("erin")
    erin.goto(f"/admin/review/export/?user={person}")
    expect(erin.get_by_role("heading", name="1 conversation")).to_be_visible()
    tuning, whole, table = (exported(erin, name) for name in FORMATS)

    (talk,) = map(json.loads, tuning.splitlines())
    assert [message["role"] for message in talk["messages"]] == ["system", *TURN, *TURN]
    assert [message["content"] for message in talk["messages"]] == ["Be brief.", *TEXTS]
    (record,) = map(json.loads, whole.splitlines())
    assert (record["title"], record["user"]) == ("Sums", person)
    assert [message["text"] for message in record["messages"]] == TEXTS
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"), newline="")))
    assert [row["text"] for row in rows] == ["'=1+1", *TEXTS[1:]]
    assert {(row["user"], row["username"]) for row in rows} == {(person, "")}
    for text in (tuning, whole, table, erin.content()):
        assert not re.search(r"(?i)\bzoe\b|marchbanks", text)
    latest = erin.get_by_role("region", name="Your latest exports").get_by_role("listitem").first
    expect(latest).to_contain_text(f"User: User {person}")


def exported(page: Page, name: str) -> str:
    page.get_by_role("radio", name=name).check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    return download.value.path().read_text()


def test_everything_can_be_reached_by_keyboard(ada: Page) -> None:
    ada.goto("/admin/review/export/")
    ada.get_by_role("radio", name="JSONL for fine-tuning").focus()
    ada.keyboard.press("ArrowDown")
    expect(ada.get_by_role("radio", name="JSONL with everything")).to_be_checked()
    ada.keyboard.press("Tab")
    expect(ada.get_by_role("textbox", name="Reason")).to_be_focused()
    ada.keyboard.press("Tab")
    expect(ada.get_by_role("button", name="Export")).to_be_focused()
