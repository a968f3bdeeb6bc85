"""The access log as CSV: whole or filtered, streamed, itself logged."""

import csv
import re
from contextlib import closing
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import set_role
from conversations.models import Conversation
from conversations.review.audit import export
from conversations.review.models import AccessEntry, ReviewPolicy
from conversations.views import rights
from tests.conftest import with_role
from tests.review.access import logged, opened

EXPORT = "/admin/review/accessentry/export/"


def read(response: Any) -> list[dict[str, str]]:
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def test_an_entry_is_a_row(
    ada_client: Client, rita: User, alice: User, conversation: Conversation
) -> None:
    entry = opened(rita, conversation, reason="Complaint 17", details={"found": 3})
    (row,) = read(ada_client.post(EXPORT))
    assert row == {
        "time_utc": entry.at.isoformat(),
        "what": "transcript.opened",
        "who": "rita",
        "who_id": rita.pseudonym,
        "whose": "alice",
        "whose_id": alice.pseudonym,
        "conversation": str(conversation.pk),
        "reason": "Complaint 17",
        "address": "192.0.2.1",
        "search_terms_hmac": "",
        "details": '{"found": 3}',
        "search_words": "",
        "conversations_shown": "",
    }


def test_it_has_what_is_filtered_the_newest_first(
    ada_client: Client, ada: User, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "BATCH", 7)
    logged(ada)
    for number in range(20):
        logged(rita, reason=str(number))
    rows = read(ada_client.post(f"{EXPORT}?who=rita"))
    assert [row["reason"] for row in rows] == [str(number) for number in range(19, -1, -1)]


def test_an_export_is_itself_logged(ada_client: Client, ada: User, alice: User) -> None:
    read(ada_client.post(f"{EXPORT}?whose=alice&what=search&since=2025-03-01"))
    entry = AccessEntry.objects.get()
    assert (entry.kind, entry.actor, entry.subject) == ("log", ada.pseudonym, alice.pseudonym)
    assert entry.details == {"whose": alice.pseudonym, "what": "search", "since": "2025-03-01"}


def test_it_is_logged_before_anything_is_sent(ada_client: Client) -> None:
    with closing(ada_client.post(EXPORT)):
        assert AccessEntry.objects.get().kind == "log"


def test_no_reason_is_taken_for_a_formula(ada_client: Client, rita: User) -> None:
    logged(rita, reason='=HYPERLINK("https://evil.example")')
    (row,) = read(ada_client.post(EXPORT))
    assert row["reason"] == '\'=HYPERLINK("https://evil.example")'


def test_a_filter_that_makes_no_sense_exports_nothing(ada_client: Client, rita: User) -> None:
    logged(rita)
    response = ada_client.post(f"{EXPORT}?who=nobody")
    assert response["Location"] == "/admin/review/accessentry/?who=nobody"
    assert AccessEntry.objects.count() == 1


def test_a_required_reason_is_asked_for_first(ada_client: Client) -> None:
    ReviewPolicy(pk=1, reason="required").save()
    assert ada_client.post(EXPORT).status_code == 422
    assert not AccessEntry.objects.exists()
    read(ada_client.post(EXPORT, {"reason": "The yearly audit"}))
    assert AccessEntry.objects.get().reason == "The yearly audit"


def test_it_is_a_file_to_be_kept_by_its_reader_alone(ada_client: Client) -> None:
    with closing(ada_client.post(EXPORT)) as response:
        name = response["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="access-log-\d{4}-\d\d-\d\d\.csv"', name)
    assert "no-store" in response["Cache-Control"]


def test_who_loses_the_right_while_it_is_sent_is_cut_off(
    ada_client: Client, ada: User, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "RECHECK", 0.0)
    AccessEntry.objects.bulk_create(
        AccessEntry(actor=rita.pseudonym, kind="search", reason="a" * 500) for _ in range(1000)
    )
    pieces = iter(ada_client.post(EXPORT).streaming_content)  # type: ignore[attr-defined]
    next(pieces)
    with_role("other", Role.ADMINISTRATOR)
    set_role(ada, Role.REVIEWER)
    with pytest.raises(ConnectionResetError):
        next(pieces)


def test_so_is_who_loses_a_permission_alone(
    rita_client: Client, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "RECHECK", 0.0)
    rita.user_permissions.set(Permission.objects.filter(codename__endswith="access_log"))
    rita.user_permissions.add(Permission.objects.get(codename="view_accessentry"))
    AccessEntry.objects.bulk_create(
        AccessEntry(actor=rita.pseudonym, kind="search", reason="a" * 500) for _ in range(1000)
    )
    pieces = iter(rita_client.post(EXPORT).streaming_content)  # type: ignore[attr-defined]
    next(pieces)
    rita.user_permissions.clear()
    with pytest.raises(ConnectionResetError):
        next(pieces)
