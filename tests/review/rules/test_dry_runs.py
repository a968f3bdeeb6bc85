"""A rule is tried on past messages: it counts, shows the latest, and flags nothing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import AccessEntry, Flag, Rule, Trial
from conversations.review.rules import dry_runs, matching
from tests.factories import add_pending_reply, make_conversation, make_long_conversation
from tests.views.html import HTMX, parse

pytestmark = pytest.mark.django_db(transaction=True)

TIMEOUT = 20.0


@pytest.fixture
def rule(transactional_db: None) -> Rule:
    return Rule.objects.create(name="Weapons", kind="words", text="bomb")


@pytest.fixture(autouse=True)
def ended(transactional_db: None) -> Iterator[None]:
    """No dry run outlives its test."""
    yield
    for runner in list(dry_runs._running.values()):
        runner.stop()
        runner.join(TIMEOUT)


def tried(rule: Rule, user: User) -> Trial:
    """A dry run, when it has ended."""
    dry_run = dry_runs.start_dry_run(rule=rule, user=user)
    if runner := dry_runs._running.get(dry_run.pk):
        runner.join(TIMEOUT)
    dry_run.refresh_from_db()
    return dry_run


def page_of(dry_run: Trial) -> str:
    return f"/admin/review/rule/{dry_run.rule_id}/trials/{dry_run.pk}/"


def test_it_counts_what_matches_and_flags_nothing(alice: User, ada: User, rule: Rule) -> None:
    make_conversation(alice, "A bomb?", "No bomb.", "Hello", "Hi")
    dry_run = tried(rule, ada)
    assert (dry_run.state, dry_run.scanned, dry_run.matched, dry_run.total) == ("done", 4, 2, 4)
    assert not Flag.objects.exists()


def test_without_a_message_it_is_done_at_once(ada: User, rule: Rule) -> None:
    dry_run = tried(rule, ada)
    assert (dry_run.state, dry_run.scanned, dry_run.total) == ("done", 0, 0)


def test_it_goes_through_every_batch(alice: User, ada: User) -> None:
    make_long_conversation(alice, 2 * dry_runs.BATCH + 7)
    rule = Rule.objects.create(name="All", kind="pattern", text="Message")
    dry_run = tried(rule, ada)
    assert dry_run.scanned == dry_run.matched == 2 * dry_runs.BATCH + 7


def test_the_latest_are_kept_as_examples(alice: User, ada: User) -> None:
    conversation = make_long_conversation(alice, 50)
    rule = Rule.objects.create(name="All", kind="pattern", text="Message")
    latest = conversation.messages.order_by("-pk").values_list("pk", flat=True)
    assert tried(rule, ada).examples == list(latest[: dry_runs.EXAMPLES])


def test_a_reply_that_is_being_written_is_left_out(conversation: Conversation, ada: User) -> None:
    add_pending_reply(conversation)
    rule = Rule.objects.create(name="Short", kind="length", threshold=0)
    assert tried(rule, ada).scanned == 2


def test_what_the_reader_may_not_see_is_not_counted(
    alice: User, ada: User, rita: User, rule: Rule
) -> None:
    held = make_conversation(alice, "A bomb?")
    Conversation.objects.filter(pk=held.pk).update(owner=None, is_held=True)
    assert tried(rule, rita).matched == 0
    assert tried(rule, ada).matched == 1


def test_the_same_rule_is_tried_once_at_a_time(ada: User, rule: Rule) -> None:
    running = Trial.objects.create(rule=rule, started_by=ada)
    assert dry_runs.start_dry_run(rule=rule, user=ada) == running


def test_one_whose_process_has_died_has_failed(ada: User, rule: Rule) -> None:
    dry_run = Trial.objects.create(rule=rule, started_by=ada)
    assert dry_runs.fail_if_abandoned(dry_run).state == "running"
    dry_run.heartbeat_at = timezone.now() - timedelta(seconds=31)
    dry_run.save()
    assert dry_runs.fail_if_abandoned(dry_run).state == "failed"
    assert "has ended" in dry_run.fault


def test_it_can_be_stopped_from_another_process(alice: User, ada: User, rule: Rule) -> None:
    make_long_conversation(alice, 20)
    dry_run = Trial.objects.create(rule=rule, started_by=ada)
    runner = dry_runs.DryRunWorker(dry_run, ada)
    dry_runs.end_dry_run(dry_run, Trial.State.STOPPED)
    runner.scan_messages()
    dry_run.refresh_from_db()
    assert (dry_run.state, dry_run.scanned) == ("stopped", 20)


def test_a_rule_that_takes_too_long_breaks_it_off(
    alice: User, ada: User, rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "LIMIT", -1)
    make_conversation(alice, "A bomb?")
    dry_run = tried(rule, ada)
    assert (dry_run.state, dry_run.scanned) == ("failed", 0)
    assert "of computing" in dry_run.fault


def test_the_end_of_the_process_breaks_it_off(ada: User, rule: Rule) -> None:
    dry_run = Trial.objects.create(rule=rule, started_by=ada)
    dry_runs._running[dry_run.pk] = runner = dry_runs.DryRunWorker(dry_run, ada)
    runner.stop()
    runner.start()
    dry_runs.DryRunWorkers().stop()
    dry_run.refresh_from_db()
    assert (dry_run.state, dry_run.fault) != ("running", "")


# The pages


def begin(client: Client, rule: Rule) -> Any:
    response = client.post(f"/admin/review/rule/{rule.pk}/trials/")
    for runner in list(dry_runs._running.values()):
        runner.join(TIMEOUT)
    return response


def test_a_button_begins_it(ada_client: Client, ada: User, rule: Rule) -> None:
    form = parse(ada_client.get(f"/admin/review/rule/{rule.pk}/change/"))
    assert form.one("form", action=f"/admin/review/rule/{rule.pk}/trials/")
    response = begin(ada_client, rule)
    assert response["Location"] == page_of(Trial.objects.get(started_by=ada))


def test_it_is_logged_before_anything_is_shown(ada_client: Client, ada: User, rule: Rule) -> None:
    response = begin(ada_client, rule)
    entry = AccessEntry.objects.get()
    assert (entry.kind, entry.actor, entry.details) == ("trial", ada.pseudonym, {"rule": rule.pk})
    ada_client.get(response["Location"])
    assert AccessEntry.objects.count() == 2
    ada_client.get(response["Location"], headers=HTMX)
    assert AccessEntry.objects.count() == 3


def test_it_is_logged_as_well_when_only_a_part_is_asked_for(
    ada_client: Client, ada: User, rule: Rule
) -> None:
    long_ago = timezone.now() - timedelta(days=1)
    state = Trial.State.DONE
    dry_run = Trial.objects.create(rule=rule, started_by=ada, state=state, heartbeat_at=long_ago)
    ada_client.get(page_of(dry_run), headers=HTMX)
    assert AccessEntry.objects.get().details == {"rule": rule.pk, "trial": dry_run.pk}


def test_its_page_shows_the_latest_that_match(ada_client: Client, alice: User, rule: Rule) -> None:
    conversation = make_conversation(alice, "Is a BOMB loud?")
    page = parse(ada_client.get(begin(ada_client, rule)["Location"]))
    link = f"/admin/review/review/{conversation.pk}/change/?message={conversation.leaf_id}"
    assert page.one("a", href=link).text == "Is a BOMB loud?"
    assert page.one("mark").text == "BOMB"
    assert "1 message matches" in page.text


def test_what_was_deleted_meanwhile_is_not_shown(
    ada_client: Client, alice: User, rule: Rule
) -> None:
    conversation = make_conversation(alice, "A bomb?")
    url = begin(ada_client, rule)["Location"]
    conversation.delete()
    assert parse(ada_client.get(url)).all("mark") == []


def test_who_may_not_see_names_sees_pseudonyms(
    ada_client: Client, ada: User, alice: User, rule: Rule
) -> None:
    ada.groups.clear()
    grant(ada, "view_review", "change_rule", "view_rule")
    make_conversation(alice, "A bomb?")
    worker.process_outbox()
    page = ada_client.get(begin(ada_client, rule)["Location"]).content.decode()
    assert f"User {alice.pseudonym}" in page
    assert "alice" not in page


def grant(user: User, *codenames: str) -> None:
    from django.contrib.auth.models import Permission

    found = Permission.objects.filter(codename__in=codenames, content_type__app_label="review")
    user.user_permissions.set(found)


def test_a_running_one_asks_for_news_and_can_be_stopped(
    ada_client: Client, ada: User, rule: Rule
) -> None:
    dry_run = Trial.objects.create(rule=rule, started_by=ada, total=100, scanned=40)
    page = parse(ada_client.get(page_of(dry_run)))
    assert page.one("progress")["value"] == "40"
    assert page.by_id("dry-run-poll")["hx-trigger"] == "every 1s"
    assert ada_client.post(f"{page_of(dry_run)}stop/").status_code == 302
    page = parse(ada_client.get(page_of(dry_run)))
    assert "Stopped." in page.text
    assert not [each for each in page.elements if each.attributes.get("id") == "dry-run-poll"]


def test_htmx_gets_what_changes(ada_client: Client, ada: User, rule: Rule) -> None:
    dry_run = Trial.objects.create(rule=rule, started_by=ada)
    page = parse(ada_client.get(page_of(dry_run), headers=HTMX))
    assert page.by_id("dry-run")
    assert page.all("html") == []


def test_a_trial_is_its_beginners_alone(ada_client: Client, rita: User, rule: Rule) -> None:
    dry_run = Trial.objects.create(rule=rule, started_by=rita)
    assert ada_client.get(page_of(dry_run)).status_code == 404
    assert ada_client.post(f"{page_of(dry_run)}stop/").status_code == 404


@pytest.mark.parametrize("rule_id", [0, 10**18, 10**40])
def test_a_rule_that_is_none_can_not_be_tried(ada_client: Client, rule_id: int) -> None:
    assert ada_client.post(f"/admin/review/rule/{rule_id}/trials/").status_code == 404


def test_the_page_needs_few_queries(
    ada_client: Client, ada: User, alice: User, django_assert_max_num_queries: Any
) -> None:
    make_long_conversation(alice, 30)
    rule = Rule.objects.create(name="All", kind="pattern", text="Message")
    url = page_of(tried(rule, ada))
    # The first request of all notes its session down as well.
    ada_client.get(url)
    with django_assert_max_num_queries(15):
        ada_client.get(url)
