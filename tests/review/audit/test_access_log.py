"""What an entry of the access log says."""

import json
import unicodedata
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.audit import reasons
from conversations.review.audit.services import record_access
from conversations.review.models import AccessEntry

Kind = AccessEntry.Kind


@pytest.fixture
def request_(rf: RequestFactory, rita: User) -> HttpRequest:
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    request.user, request.session = rita, {}  # type: ignore[assignment]
    return request


def test_it_says_who_whose_what_and_from_where(
    request_: HttpRequest, rita: User, alice: User, conversation: Conversation
) -> None:
    record_access(request_, Kind.TRANSCRIPT, conversation=conversation)
    entry = AccessEntry.objects.get()
    assert (entry.actor, entry.subject) == (rita.pseudonym, alice.pseudonym)
    assert (entry.kind, entry.conversation) == ("transcript", conversation.pk)
    assert (entry.address, entry.terms, entry.details) == ("192.0.2.7", "", {})


def test_it_says_why(request_: HttpRequest) -> None:
    reasons.remember_reason(request_, "Complaint 17")
    record_access(request_, Kind.SEARCH)
    assert AccessEntry.objects.get().reason == "Complaint 17"


def test_it_says_whose_it_was_that_its_owner_has_deleted(
    request_: HttpRequest, alice: User, conversation: Conversation
) -> None:
    worker.process_outbox()
    Conversation.objects.update(owner=None)
    record_access(request_, Kind.TRANSCRIPT, conversation=Conversation.objects.get())
    assert AccessEntry.objects.get().subject == alice.pseudonym


def test_whose_is_known_from_the_review_without_a_query(
    request_: HttpRequest, conversation: Conversation, django_assert_num_queries: Any
) -> None:
    worker.process_outbox()
    found = Conversation.objects.select_related("review").get()
    with django_assert_num_queries(1):
        record_access(request_, Kind.TRANSCRIPT, conversation=found)


def test_a_proxy_that_is_trusted_tells_the_address(
    request_: HttpRequest, settings: Settings
) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    request_.META["HTTP_X_FORWARDED_FOR"] = "203.0.113.1, 2001:db8::1"
    record_access(request_, Kind.SEARCH)
    assert AccessEntry.objects.get().address == "2001:db8::1"


def test_without_proxies_nobody_is_believed(request_: HttpRequest) -> None:
    request_.META["HTTP_X_FORWARDED_FOR"] = "203.0.113.1"
    record_access(request_, Kind.SEARCH)
    assert AccessEntry.objects.get().address == "192.0.2.7"


def test_an_address_that_is_not_known_is_left_out(request_: HttpRequest) -> None:
    request_.META["REMOTE_ADDR"] = ""
    record_access(request_, Kind.SEARCH)
    assert AccessEntry.objects.get().address is None


def terms_of(request: HttpRequest, *searches: str) -> set[str]:
    for terms in searches:
        record_access(request, Kind.SEARCH, terms=terms)
    return set(AccessEntry.objects.values_list("terms", flat=True))


def test_equal_searches_have_equal_hashes(request_: HttpRequest) -> None:
    written = ["Zoë  Fuß", " zoë fuss", unicodedata.normalize("NFD", "ZOË\tFUSS\n")]
    (terms,) = terms_of(request_, *written)
    assert len(terms) == 64


def test_other_searches_have_others(request_: HttpRequest) -> None:
    assert len(terms_of(request_, "Zoë", "Zoe", "Zo", "ë")) == 4


def test_no_hash_is_known_without_the_secret_key(request_: HttpRequest, settings: Settings) -> None:
    terms_of(request_, "Zoë")
    settings.SECRET_KEY = "another"
    assert len(terms_of(request_, "Zoë")) == 2


def test_nothing_of_a_search_is_kept_in_clear(request_: HttpRequest) -> None:
    record_access(request_, Kind.SEARCH, terms="quincunx", details={"found": 3})
    row = AccessEntry.objects.values().get()
    assert "quincunx" not in json.dumps(row, default=str)
    assert row["details"] == {"found": 3}
