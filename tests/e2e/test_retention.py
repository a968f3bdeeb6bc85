"""Retention from the rule to the last conversation: what the administrator is told before, what
`manage.py purge` does, and what is left for their owner.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.site import Site

RULES = "/admin/review/retentionrule/"
MAKE = """
from datetime import timedelta
from django.contrib.auth.models import Group
from django.utils import timezone
from conversations.models import Conversation
from tests.e2e.people import make_user
from tests.factories import make_conversation
olga = make_user("olga")
olga.groups.add(Group.objects.create(name="Archivists"))
for title in ("An old letter", "An older letter", "The oldest letter"):
    old = make_conversation(olga, "Hello", "Hi", title=title)
    month = timezone.now() - timedelta(days=40)
    Conversation.objects.filter(pk=old.pk).update(last_activity_at=month)
make_conversation(olga, "Hello", "Hi", title="A new letter")
"""


@pytest.fixture
def olga(site: Site, sign_in: OpenPage) -> Page:
    """Of a group of her own, with three old conversations and a new one."""
    site.run(MAKE)
    return sign_in("olga")


def due(ada: Page) -> str:
    """How many the rule would delete now, by the list of rules."""
    ada.goto(RULES)
    row = ada.get_by_role("row").filter(has_text="Archivists")
    return row.locator(".field-due_now").inner_text()


def test_a_rule_deletes_what_it_said_it_would(site: Site, olga: Page, sign_in: OpenPage) -> None:
    olga.get_by_role("link", name="The oldest letter").click()
    expect(olga.locator("article[data-role=user]")).to_contain_text("Hello")
    ada = sign_in("ada")
    ada.goto(f"{RULES}add/")
    ada.get_by_label("Group").select_option("Archivists")
    ada.get_by_label("Days").fill("30")
    ada.get_by_role("button", name="Save", exact=True).click()
    expect(ada.get_by_text("3 conversations are older than that.")).to_be_visible()
    assert due(ada) == "3"

    said = site.manage("purge", "--dry-run")
    assert "Archivists (30 days): 3 conversations" in said
    assert "Would delete 3 conversations with 6 messages." in said
    olga.reload()
    expect(olga.locator("article[data-role=user]")).to_contain_text("Hello")

    assert "Deleted 3 conversations in " in site.manage("purge")
    response = olga.reload()
    assert response
    assert response.status == 404
    olga.goto("/")
    expect(olga.get_by_role("link", name="A new letter")).to_be_visible()
    expect(olga.get_by_role("link", name="letter")).to_have_count(1)
    assert due(ada) == "0"
