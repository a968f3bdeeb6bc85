"""What was searched for is readable beside the log for a while, and never part of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.models import User
from conversations.outbox import worker
from conversations.review.audit import search_words
from conversations.review.models import AccessEntry, SearchWords
from tests.factories import make_conversation
from tests.views.html import parse

SEARCH, LOG = "/admin/review/review/search/", "/admin/review/accessentry/"


def test_the_log_has_the_words_as_they_were_typed(rita_client: Client, ada_client: Client) -> None:
    rita_client.get(f"{SEARCH}?q=Zo%C3%AB++FUSS")
    assert "words: Zoë  FUSS" in parse(ada_client.get(LOG)).one("tbody").text


def test_they_stand_in_its_export(rita_client: Client, ada_client: Client) -> None:
    rita_client.get(f"{SEARCH}?q=quincunx")
    response = ada_client.post(f"{LOG}export/")
    assert b",quincunx," in b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_they_are_forgotten_and_their_hash_stays(rita_client: Client) -> None:
    rita_client.get(f"{SEARCH}?q=quincunx")
    SearchWords.objects.update(typed_at=timezone.now() - search_words.KEPT - timedelta(days=1))
    search_words.forget_old_words()
    assert not SearchWords.objects.exists()
    assert AccessEntry.objects.get().terms


@pytest.mark.parametrize("query", ["quincunx", "ALICE@example.com", "is alice there"])
def test_who_is_erased_takes_along_searches_that_name_or_found_them(
    rita_client: Client, alice: User, query: str
) -> None:
    make_conversation(alice, "A quincunx")
    worker.process_outbox()
    rita_client.get(SEARCH, {"q": query})
    rita_client.get(f"{SEARCH}?q=unrelated")
    erase_user(user=alice)
    assert list(SearchWords.objects.values_list("text", flat=True)) == ["unrelated"]


def test_a_reviewer_who_is_erased_takes_theirs_along(rita_client: Client, rita: User) -> None:
    rita_client.get(f"{SEARCH}?q=quincunx")
    erase_user(user=rita)
    assert not SearchWords.objects.exists()
