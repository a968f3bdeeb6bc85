"""The transcript: a conversation as its user saw it, and nothing to change."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatsite.accounts.models import User
from conversations.models import Conversation, Feedback, Message
from conversations.outbox import worker
from conversations.review.models import (
    AccessEntry,
    Flag,
    Judgement,
    Label,
    Labelling,
    Note,
    Review,
    Rule,
    Verdict,
)
from tests.factories import (
    add_message,
    add_pending_reply,
    make_long_conversation,
)
from tests.model_catalog.factories import THOROUGH, add_model
from tests.review.pages import address, links, opened


def test_it_shows_what_was_said(rita_client: Client, conversation: Conversation) -> None:
    page = opened(rita_client, conversation)
    assert page.bodies() == ["Hello", "Hello to you."]
    assert page.one("h1").text == "Greetings"


def test_it_shows_what_was_thought(rita_client: Client, conversation: Conversation) -> None:
    conversation.messages.filter(role="assistant").update(reasoning="Let me see.")
    page = opened(rita_client, conversation)
    assert page.one("details", **{"class": "thinking"}).text == "ThinkingLet me see."
    assert page.bodies() == ["Hello", "Hello to you."]


def test_it_names_its_user_by_a_pseudonym(
    rita_client: Client, conversation: Conversation, alice: User
) -> None:
    text = rita_client.get(address(conversation)).content.decode()
    assert f"User {alice.pseudonym}" in text
    assert "alice" not in text


def test_who_may_see_names_sees_them(ada_client: Client, conversation: Conversation) -> None:
    (link,) = links(opened(ada_client, conversation), "alice")
    assert "user=" in link
    assert "alice" not in link


def test_it_shows_settings_and_what_is_known_of_a_reply(
    rita_client: Client, conversation: Conversation
) -> None:
    conversation.parameters = {"temperature": 0.5}
    conversation.save()
    reply = conversation.messages.get(role="assistant")
    reply.parameters = {"seed": {"value": 7, "from": "reply"}}
    reply.prompt_tokens, reply.cached_tokens, reply.completion_tokens = 120, 90, 31
    reply.cost_usd, reply.finish_reason = Decimal("0.0012"), "stop"
    reply.first_token_at = reply.created_at + timedelta(seconds=0.4)
    reply.finished_at = reply.created_at + timedelta(seconds=3)
    reply.save()
    text = " ".join(opened(rita_client, conversation).text.split())
    for words in (
        "Be brief.",
        "Temperature",
        "Seed: 7 (this reply’s)",
        "120 tokens read, 31 written, 90 from the cache",
    ):
        assert words in text
    for words in ("$0.0012", "first word after 0.40 s", "3.0 s in all", "finish reason: stop"):
        assert words in text


def test_it_shows_what_users_rules_and_reviewers_say_of_a_message(
    rita_client: Client, conversation: Conversation, rita: User
) -> None:
    reply = conversation.messages.get(role="assistant")
    on = {"conversation": conversation, "message": reply}
    Feedback.objects.create(**on, rating="down", reason="wrong", comment="Not so.")
    Flag.objects.create(**on, rule=Rule.objects.create(name="Secrets", kind="words"))
    Note.objects.create(**on, text="Look here.", author=rita)
    text = " ".join(opened(rita_client, conversation).text.split())
    for words in ("Bad reply · Not correct", "Not so.", "rule “Secrets”", "Look here."):
        assert words in text


def test_an_error_is_told_by_code_and_sentence(
    rita_client: Client, conversation: Conversation
) -> None:
    add_message(conversation, role="assistant", status="failed", error_code="throttled")
    conversation.save()
    text = opened(rita_client, conversation).text
    assert "error: throttled" in text
    assert "The model is busy" in text


def test_nothing_in_it_is_for_owners_alone(rita_client: Client, conversation: Conversation) -> None:
    add_message(conversation, role="assistant", status="failed", error_code="throttled")
    add_pending_reply(conversation)
    html = rita_client.get(address(conversation)).content.decode()
    assert f"/c/{conversation.pk}/" not in html
    assert "hx-sse" not in html
    assert "Was still being written" in html


def test_the_owners_page_is_as_it_was(alice_client: Client, conversation: Conversation) -> None:
    html = alice_client.get(conversation.get_absolute_url()).content.decode()
    assert (
        f'data-copy-message="/c/{conversation.pk}/messages/{conversation.leaf_id}/source/"' in html
    )
    assert "data-copy-text" not in html


@pytest.mark.parametrize(
    "path", ["messages/", "rename/", "delete/", "stop/", "messages/{m}/retry/"]
)
def test_a_reviewer_changes_nothing_of_a_users(
    rita_client: Client, conversation: Conversation, path: str
) -> None:
    url = f"/c/{conversation.pk}/{path.format(m=conversation.leaf_id)}"
    form = {"text": "Hello", "title": "Mine", "token": "t"}
    assert rita_client.post(url, form).status_code == 404
    assert Conversation.objects.get().title == "Greetings"


def test_opening_it_is_logged(
    rita_client: Client, conversation: Conversation, alice: User, rita: User
) -> None:
    rita_client.get(address(conversation))
    entry = AccessEntry.objects.get()
    assert (entry.kind, entry.conversation) == ("transcript", conversation.pk)
    assert (entry.actor, entry.subject) == (rita.pseudonym, alice.pseudonym)


def test_what_its_owner_deleted_under_hold_is_for_those_who_may_see_holds(
    rita_client: Client, ada_client: Client, conversation: Conversation
) -> None:
    url = address(conversation)
    Conversation.objects.update(owner=None, is_held=True)
    assert rita_client.get(url).status_code == 404
    assert ada_client.get(url).status_code == 200


def test_who_may_only_read_is_offered_no_forms(
    rita_client: Client, rita: User, conversation: Conversation
) -> None:
    group = rita.groups.get()
    group.permissions.remove(group.permissions.get(codename="change_review"))
    page = opened(rita_client, conversation)
    assert page.bodies() == ["Hello", "Hello to you."]
    assert all("logout" in form["action"] for form in page.all("form"))


def test_queries_do_not_grow(ada_client: Client, alice: User, ada: User) -> None:
    counts = set()
    for length in (2, 200):
        conversation = make_long_conversation(alice, length)
        say_everything(conversation, ada)
        url = address(conversation, f"?message={conversation.messages.earliest('pk').pk}")
        ada_client.get(url)
        with CaptureQueriesContext(connection) as queries:
            ada_client.get(url)
        counts.add(len(queries))
    (count,) = counts
    assert count <= 19


def say_everything(conversation: Conversation, reviewer: User) -> None:
    rule, _ = Rule.objects.get_or_create(name="Secrets", kind="words")
    verdict, _ = Verdict.objects.get_or_create(name="Odd")
    for message in conversation.messages.all():
        on = {"conversation": conversation, "message": message}
        Flag.objects.create(**on, rule=rule)
        Note.objects.create(**on, text="Look.", author=reviewer)
        if not message.is_user:
            Feedback.objects.create(**on, rating="up")
        Message.objects.create(conversation=conversation, role="user", parent=message)
    for name in ("Legal", "Privacy"):
        label, _ = Label.objects.get_or_create(name=name)
        Labelling.objects.create(conversation=conversation, label=label)
        Judgement.objects.create(conversation=conversation, verdict=verdict, reviewer=reviewer)
    worker.process_outbox()
    Review.objects.update(assignee=reviewer, verdict=verdict, changed_by=reviewer)


def test_words_of_titles_that_its_neighbours_are_found_by_are_logged(
    rita_client: Client, review: Review
) -> None:
    rita_client.get(f"/admin/review/review/{review.pk}/change/", {"title": "greetings"})
    assert AccessEntry.objects.get().terms


def test_a_model_is_called_by_its_label_and_by_its_name(
    rita_client: Client, conversation: Conversation
) -> None:
    add_model(THOROUGH, "Thorough")
    Conversation.objects.filter(pk=conversation.pk).update(model=THOROUGH)
    replies = conversation.messages.filter(role="assistant")
    replies.update(requested_model=THOROUGH, model="thorough-2026")
    text = opened(rita_client, conversation).text
    assert f"Thorough ({THOROUGH}), answered as thorough-2026" in text
    worker.process_outbox()
    assert f"Thorough ({THOROUGH})" in rita_client.get("/admin/review/review/").content.decode()
