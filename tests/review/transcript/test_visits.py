"""One look at a transcript is one entry of the access log, whatever is done there."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review.models import AccessEntry, Note, Review
from tests.factories import make_conversation
from tests.review.pages import opened, url

FORMS = [
    ("judge", {"version": 0, "verdict": ""}),
    ("flag", {"version": 0, "flag": "on"}),
    ("labels", {"version": 0, "new": "Fine"}),
    ("assign", {"version": 0, "assignee": ""}),
    ("notes", {"text": "Hm."}),
]


def looks() -> int:
    return AccessEntry.objects.filter(kind="transcript").count()


@pytest.mark.parametrize(("form", "fields"), FORMS)
def test_what_a_form_leads_back_to_is_no_other_look(
    rita_client: Client, review: Review, form: str, fields: dict[str, Any]
) -> None:
    rita_client.get(url(review))
    assert rita_client.post(url(review, form), fields, follow=True).status_code == 200
    assert looks() == 1


@pytest.mark.parametrize(
    ("form", "fields", "status"),
    [("notes", {"text": ""}, 422), ("judge", {"version": 7, "verdict": ""}, 409)],
)
def test_nor_is_a_form_that_comes_back_with_what_was_typed(
    rita_client: Client, review: Review, form: str, fields: dict[str, Any], status: int
) -> None:
    rita_client.get(url(review))
    assert rita_client.post(url(review, form), fields).status_code == status
    assert looks() == 1


def test_nor_is_the_page_after_a_note_was_deleted(
    rita_client: Client, rita: User, review: Review
) -> None:
    note = Note.objects.create(conversation_id=review.pk, text="Hm.", author=rita)
    rita_client.get(url(review))
    rita_client.post(url(review, f"notes/{note.pk}/delete"), follow=True)
    assert looks() == 1


def test_to_open_it_again_is_one(rita_client: Client, review: Review) -> None:
    rita_client.get(url(review))
    rita_client.post(url(review, "flag"), {"version": 0, "flag": "on"}, follow=True)
    rita_client.get(url(review))
    assert looks() == 2


@pytest.mark.parametrize(("form", "fields"), FORMS)
def test_a_form_that_nobody_opened_leads_to_a_look(
    rita_client: Client, review: Review, form: str, fields: dict[str, Any]
) -> None:
    rita_client.post(url(review, form), fields, follow=True)
    assert looks() == 1


def test_a_form_that_nobody_opened_and_is_refused_is_a_look(
    rita_client: Client, review: Review
) -> None:
    rita_client.post(url(review, "notes"), {"text": ""})
    assert looks() == 1


@pytest.mark.parametrize("field", ["created_at", "finished_at"])
def test_what_was_written_since_is_not_shown_by_a_refused_form_without_a_look(
    rita_client: Client, review: Review, field: str
) -> None:
    rita_client.get(url(review))
    review.conversation.messages.update(**{field: timezone.now()})
    rita_client.post(url(review, "notes"), {"text": ""})
    assert looks() == 2


def test_another_conversation_is_another_look(
    rita_client: Client, review: Review, alice: User
) -> None:
    other = make_conversation(alice, "Hello")
    rita_client.get(url(review))
    rita_client.post(url(review, "flag"), {"version": 0, "flag": "on"})
    opened(rita_client, other)
    assert looks() == 2


def test_what_another_reviewer_opened_counts_for_nobody_else(
    rita_client: Client, rhea_client: Client, review: Review, conversation: Conversation
) -> None:
    rhea_client.get(url(review))
    rita_client.post(url(review, "flag"), {"version": 0, "flag": "on"}, follow=True)
    assert looks() == 2
