"""A rule is deleted: at once for all who look, bit by bit where it has flagged much."""

import json
from functools import partial

import pytest
from django.test import Client

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.models import User
from chatsite.jobs.failures import JobIncompleteError
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review import review_rows as reviews
from conversations.review.models import Flag, Review, Rule, Trial
from conversations.review.rules import flagging
from conversations.search.models import MessageDocument
from tests.core.crossing import amid, on_postgresql
from tests.factories import add_message, make_conversation
from tests.jobs.failing import deletion_refused
from tests.review.pages import text_of
from tests.services.writing import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(db: None) -> Rule:
    return Rule.objects.create(name="Weapons", kind="words", text="bomb")


@pytest.fixture
def flagged(conversation: Conversation, rule: Rule) -> Review:
    """alice's conversation, of which a message has the rule's flag."""
    add_message(conversation, role="user", text="A bomb?")
    conversation.save()
    worker.process_outbox()
    return Review.objects.get()


def remove_all() -> int:
    return sum(1 for _ in iter(flagging.remove_deleted_rules, False))


def test_it_is_gone_from_the_pages_at_once(ada_client: Client, flagged: Review, rule: Rule) -> None:
    assert "Weapons" in text_of(ada_client, flagged)
    flagging.delete_rules(rules=[rule])
    assert "Weapons" not in text_of(ada_client, flagged)
    assert "Weapons" not in ada_client.get("/admin/review/review/").content.decode()
    assert ada_client.get(f"/admin/review/rule/{rule.pk}/change/").status_code == 302
    assert "Weapons" not in ada_client.get("/admin/review/rule/").content.decode()


def test_it_is_in_no_export(ada_client: Client, flagged: Review, rule: Rule) -> None:
    flagging.delete_rules(rules=[rule])
    response = ada_client.post("/admin/review/export/", {"format": "whole"})
    (line,) = b"".join(response.streaming_content).splitlines()  # type: ignore[attr-defined]
    assert json.loads(line)["flags"] == []


def test_it_flags_nothing_more(conversation: Conversation, flagged: Review, rule: Rule) -> None:
    message = add_message(conversation, role="user", text="Another bomb?")
    found = flagging.find_matches([message])
    flagging.delete_rules(rules=[rule])
    assert flagging.save_flags(found, [message]) == set()
    assert flagging.find_matches([message]) == []


def test_its_name_is_free(ada_client: Client, flagged: Review, rule: Rule) -> None:
    flagging.delete_rules(rules=[rule])
    form = {"name": "Weapons", "kind": "words", "words": "bomb", "role": ""}
    assert ada_client.post("/admin/review/rule/add/", form).status_code == 302
    assert Rule.objects.get().pk != rule.pk


def test_its_trials_end_with_it(ada_client: Client, ada: User, rule: Rule) -> None:
    dry_run = Trial.objects.create(rule=rule, started_by=ada)
    flagging.delete_rules(rules=[rule])
    dry_run.refresh_from_db()
    assert dry_run.state == Trial.State.STOPPED
    path = f"/admin/review/rule/{rule.pk}/trials/{dry_run.pk}/"
    assert ada_client.get(path).status_code == 404


def test_flags_go_some_at_a_time_and_the_rule_with_the_last(
    flagged: Review, rule: Rule, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flagging, "CHUNK", 1)
    make_conversation(alice, "A bomb.")
    worker.process_outbox()
    flagging.delete_rules(rules=[rule])
    flagging.remove_deleted_rules()
    assert Flag.all_objects.count() == 1
    assert remove_all() == 2
    assert not Rule.all_objects.exists()
    assert set(Review.objects.values_list("flag_count", flat=True)) == {0}


def test_a_row_that_is_counted_meanwhile_counts_without(flagged: Review, rule: Rule) -> None:
    flagging.delete_rules(rules=[rule])
    reviews.refresh_rows({flagged.pk})
    flagged.refresh_from_db()
    assert flagged.flag_count == 0


def test_flags_of_others_stay(flagged: Review, rule: Rule, rita: User) -> None:
    by_hand = Flag.objects.create(conversation_id=flagged.pk, reviewer=rita)
    flagging.delete_rules(rules=[rule])
    remove_all()
    assert Flag.all_objects.get() == by_hand


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_whoever_deletes_it_waits_for_no_erasure(
    ada_client: Client, flagged: Review, rule: Rule, alice: User
) -> None:
    path = f"/admin/review/rule/{rule.pk}/delete/"
    delete = partial(ada_client.post, path, {"post": "yes"})
    assert amid(partial(erase_user, user=alice), delete).status_code == 302
    assert not Rule.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(5))
def test_it_goes_while_others_flag_and_erase(
    flagged: Review, rule: Rule, alice: User, bob: User, number: int
) -> None:
    make_conversation(bob, "A bomb.")
    delete = partial(flagging.delete_rules, rules=[rule])
    results = at_once(delete, worker.process_outbox, partial(erase_user, user=alice))
    assert not [each for each in results if isinstance(each, Exception)]
    worker.process_outbox()
    remove_all()
    assert not Flag.all_objects.exists()


def test_one_that_can_not_be_removed_holds_up_neither_another_nor_other_chores(
    alice: User, rule: Rule
) -> None:
    other = Rule.objects.create(name="Other", kind="words", text="other")
    make_conversation(alice, "Hello")
    worker.process_outbox()
    MessageDocument.objects.update(owner_id=None)
    flagging.delete_rules(rules=[rule, other])
    with deletion_refused(rule), pytest.raises(JobIncompleteError):
        worker.OutboxWorker().work()
    assert Rule.all_objects.get() == rule
    assert not MessageDocument.objects.filter(owner_id=None).exists()
