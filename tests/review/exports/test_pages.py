"""The page that exports, its progress, and that it is seen."""

import secrets
from contextlib import closing
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import set_role
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.exports import reading
from conversations.review.exports import services as exporting
from conversations.review.models import AccessEntry, Export
from conversations.views import rights
from tests.conftest import with_role
from tests.factories import make_conversation
from tests.views.html import parse

URL = "/admin/review/export/"


@pytest.fixture
def large(alice: User) -> None:
    """More than fits into one piece."""
    for _ in range(20):
        make_conversation(alice, secrets.token_hex(10_000), secrets.token_hex(10_000))
    worker.process_outbox()


def test_the_page_says_how_many_there_are(ada_client: Client, conversation: Conversation) -> None:
    worker.process_outbox()
    page = parse(ada_client.get(URL))
    assert page.by_id("export-selection-heading").text.strip() == "1 conversation"
    assert len(page.all("input", name="format")) == 3


def test_filters_are_named_as_in_the_queue(ada_client: Client, conversation: Conversation) -> None:
    text = parse(ada_client.get(URL, {"state": "waiting", "failed": "on"})).text
    assert "Review: To review" in text
    assert "With failed replies" in text


def test_a_filter_that_is_left_out_is_told_of(ada_client: Client) -> None:
    """Otherwise more would be exported than was asked for."""
    text = parse(ada_client.get(URL, {"user": "nobody-of-this-name"})).text
    assert "The filter “User” can’t be “nobody-of-this-name”, so it was left out." in text


def test_it_takes_few_queries(
    ada_client: Client,
    ada: User,
    conversation: Conversation,
    django_assert_max_num_queries: object,
) -> None:
    worker.process_outbox()
    for number in range(10):
        user = User.objects.create_user(f"user{number}")
        query = f"user={user.pseudonym}&verdict=1&label=1&model=x&flag=1"
        Export.objects.create(started_by=ada, format="csv", query=query)
    ada_client.get(URL)
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        ada_client.get(URL)


def test_a_format_that_there_is_not_is_refused(
    ada_client: Client, conversation: Conversation
) -> None:
    worker.process_outbox()
    assert ada_client.post(URL, {"format": "xml"}).status_code == 422
    assert not Export.objects.exists()


def test_nothing_to_export_is_said(ada_client: Client) -> None:
    response = ada_client.post(URL, {"format": "csv"})
    assert response.status_code == 422
    assert "No conversation passes these filters" in parse(response).text


def test_the_access_log_has_it_before_the_first_byte(
    ada_client: Client, ada: User, alice: User, conversation: Conversation
) -> None:
    worker.process_outbox()
    ada_client.post(URL, {"format": "csv"})
    entry = AccessEntry.objects.get()
    assert (entry.kind, entry.actor, entry.subject) == ("export", ada.pseudonym, alice.pseudonym)
    assert entry.details == {"format": "csv", "total": 1}


def test_words_of_titles_are_logged_as_a_search_and_with_the_export(
    ada_client: Client, conversation: Conversation
) -> None:
    worker.process_outbox()
    url = f"{URL}?title={conversation.title[:4]}"
    ada_client.get(url)
    ada_client.post(url, {"format": "csv"})
    exported, searched = AccessEntry.objects.all()
    assert (searched.kind, searched.details) == ("search", {"in": "titles"})
    assert exported.kind == "export"
    assert searched.terms == exported.terms != ""


def test_an_export_of_several_users_has_no_subject(
    ada_client: Client, bob: User, conversation: Conversation
) -> None:
    make_conversation(bob, "Hello")
    worker.process_outbox()
    ada_client.post(URL, {"format": "csv"})
    assert AccessEntry.objects.get().subject == ""


def test_it_is_a_file_that_nothing_holds_back(
    ada_client: Client, conversation: Conversation
) -> None:
    worker.process_outbox()
    response = ada_client.post(URL, {"format": "messages"}, headers={"Accept-Encoding": "gzip"})
    assert response["Content-Type"] == "application/x-ndjson; charset=utf-8"
    assert response["Content-Disposition"].endswith('-messages.jsonl"')
    assert response["Content-Encoding"] == "identity"
    assert response.getvalue().startswith(b'{"messages"')


def test_it_is_done_when_all_is_sent(ada_client: Client, large: None) -> None:
    response = ada_client.post(URL, {"format": "whole", "reason": "A study."})
    assert list(response)
    export = Export.objects.get()
    assert (export.state, export.written, export.total) == ("done", 20, 20)
    assert "Done: 20 conversations" in parse(ada_client.get(f"{URL}progress/")).text
    assert "A study." in parse(ada_client.get(URL)).text


def test_its_progress_is_shown_while_it_runs(
    ada_client: Client, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "INTERVAL", 0)
    monkeypatch.setattr(reading, "CONVERSATIONS", 5)
    # Left to the garbage collector, it would save its end in the middle of somebody's query.
    with closing(ada_client.post(URL, {"format": "whole"})) as response:
        pieces = iter(response)
        next(pieces)
        next(pieces)
        page = parse(ada_client.get(f"{URL}progress/"))
    assert 0 < int(page.one("progress")["value"]) < 20
    assert "every 2s" in page.by_id("exports")["hx-trigger"]


@pytest.mark.django_db(transaction=True)
def test_who_goes_away_leaves_it_broken_off(ada_client: Client, large: None) -> None:
    response = ada_client.post(URL, {"format": "whole"})
    next(iter(response))
    response.close()
    assert Export.objects.get().state == "broken"
    page = parse(ada_client.get(f"{URL}progress/"))
    assert "Broken off after" in page.text
    assert "every" not in page.by_id("exports")["hx-trigger"]


def test_one_without_a_sign_of_life_is_broken_off(ada_client: Client, ada: User) -> None:
    export = Export.objects.create(started_by=ada, format="csv", state="running", total=9)
    assert "0 of 9" in parse(ada_client.get(URL)).text
    Export.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    assert "Broken off" in parse(ada_client.get(URL)).text
    assert export.total == 9


def test_others_exports_are_not_listed(ada_client: Client, rita: User) -> None:
    Export.objects.create(started_by=rita, format="csv", query="state=waiting")
    assert "To review" not in listed(ada_client)


def listed(client: Client) -> str:
    return parse(client.get(f"{URL}progress/")).text


def test_the_list_says_in_words_what_was_exported(
    ada_client: Client, ada: User, alice: User, conversation: Conversation
) -> None:
    worker.process_outbox()
    query = f"user={alice.pseudonym}&state=waiting&model={conversation.model}&failed=1"
    Export.objects.create(started_by=ada, format="csv", query=query)
    words = f"User: alice · Review: To review · Model: {conversation.model} · With failed replies"
    assert words in listed(ada_client)


def test_what_a_filter_was_set_to_may_be_gone(ada_client: Client, ada: User) -> None:
    query = "state=waiting&verdict=999&moon=full"
    Export.objects.create(started_by=ada, format="csv", query=query)
    words = "Review: To review · Verdict: gone · a filter that is gone"
    assert words in listed(ada_client)


def test_users_in_the_list_are_called_as_elsewhere(
    rita_client: Client, rita: User, alice: User
) -> None:
    rita.user_permissions.add(Permission.objects.get(codename="export_conversations"))
    Export.objects.create(started_by=rita, format="csv", query=f"user={alice.pseudonym}")
    assert f"User: User {alice.pseudonym}" in listed(rita_client)


@pytest.mark.parametrize("taken", ["role", "permission", "names"])
def test_it_breaks_off_when_a_right_is_taken_away(
    client: Client, large: None, monkeypatch: pytest.MonkeyPatch, taken: str
) -> None:
    monkeypatch.setattr(rights, "RECHECK", 0)
    erin = with_role("erin", Role.REVIEWER)
    for name in ("export_conversations", "see_identities"):
        erin.user_permissions.add(Permission.objects.get(codename=name))
    client.force_login(erin, backend="chatsite.accounts.sign_in.backends.AuthenticationBackend")
    pieces = iter(client.post(URL, {"format": "whole"}))
    next(pieces)
    if taken == "role":
        set_role(erin, Role.USER)
    else:
        codename = "export_conversations" if taken == "permission" else "see_identities"
        erin.user_permissions.remove(Permission.objects.get(codename=codename))
    with pytest.raises(ConnectionResetError):
        list(pieces)
    assert Export.objects.get().state == "broken"


def test_a_reviewer_may_not_export(rita_client: Client, conversation: Conversation) -> None:
    assert rita_client.get(URL).status_code == 403
    assert rita_client.post(URL, {"format": "csv"}).status_code == 403
    assert not AccessEntry.objects.exists()


def test_old_ones_are_forgotten(ada: User) -> None:
    old = timezone.now() - timedelta(days=31)
    Export.objects.create(started_by=ada, format="csv", created_at=old)
    kept = Export.objects.create(started_by=ada, format="csv")
    exporting.delete_old_exports()
    assert list(Export.objects.all()) == [kept]


def test_to_count_by_words_of_titles_is_logged_as_the_search_that_it_is(
    ada_client: Client, conversation: Conversation
) -> None:
    worker.process_outbox()
    ada_client.get(URL, {"title": "greetings"})
    entry = AccessEntry.objects.get()
    assert (entry.kind, entry.details) == ("search", {"in": "titles"})
    assert entry.terms


def test_an_export_by_words_of_titles_says_so(
    ada_client: Client, conversation: Conversation
) -> None:
    worker.process_outbox()
    b"".join(ada_client.post(f"{URL}?title=greetings", {"format": "csv"}).streaming_content)  # type: ignore[attr-defined]
    entry = AccessEntry.objects.get()
    assert entry.kind == "export"
    assert entry.terms
