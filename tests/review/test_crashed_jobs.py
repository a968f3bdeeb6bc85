"""Rules, exports, retention and housekeeping leave out what killed the process twice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatsite.accounts.models import RecentMessage, User
from chatsite.accounts.sessions.housekeeping import run_housekeeping
from chatsite.jobs import attempts
from chatsite.jobs.failures import JobIncompleteError
from chatsite.jobs.models import Attempt, CrashedItem
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import Flag, Rule
from conversations.review.retention import services as retention
from conversations.review.retention.purger import Purger
from conversations.review.rules import dry_runs, flagging
from tests.factories import make_conversation
from tests.jobs.crashed import crashed, set_aside
from tests.jobs.dying import run_serving
from tests.jobs.failing import deletion_refused
from tests.review.retention.rules import aged, an_hour_later, rule

pytestmark = pytest.mark.django_db(transaction=True)

TIMEOUT = 20.0


@pytest.fixture(autouse=True)
def recording(transactional_db: None) -> Iterator[None]:
    attempts.start_recording()
    yield
    attempts.stop_recording()


@pytest.fixture
def bombs(transactional_db: None) -> Rule:
    return Rule.objects.create(name="Bombs", kind="words", text="bomb")


DEADLY_RULE = """
from conversations.review.rules import matching
from conversations.outbox import worker
match_rules = matching.match_rules
def deadly(rules, messages):
    if any(rule.name == "Bombs" for rule in rules) and messages:
        os._exit(9)
    return match_rules(rules, messages)
matching.match_rules = deadly
worker.process_outbox()
"""


def test_a_rule_that_kills_is_switched_off_after_two_messages(alice: User, bombs: Rule) -> None:
    Rule.objects.create(name="Greetings", kind="words", text="hello")
    for deaths in (2, 1, 0):
        # The next one dies of the rule alone, and is not to blame.
        make_conversation(alice, "Hello")
        assert [run_serving(DEADLY_RULE) for _ in range(deaths + 1)] == [9] * deaths + [0]
    bombs.refresh_from_db()
    assert not bombs.is_active
    assert bombs.fault.startswith("The server died of it twice.")
    assert CrashedItem.objects.filter(job="review").count() == 1


def test_a_rule_that_is_set_aside_flags_nothing_and_the_others_do(alice: User, bombs: Rule) -> None:
    set_aside("rules", f"rule {bombs.pk}")
    other = Rule.objects.create(name="Greetings", kind="words", text="hello")
    make_conversation(alice, "Hello bomb")
    worker.process_outbox()
    assert [flag.rule for flag in Flag.objects.select_related("rule")] == [other]


def test_a_rule_that_is_tried_again_is_switched_on(bombs: Rule) -> None:
    aside = set_aside("rules", f"rule {bombs.pk}")
    flagging.list_active_rules()
    attempts.try_again(aside)
    bombs.refresh_from_db()
    assert (bombs.is_active, bombs.fault) == (True, "")


def end_of_dry_run(bombs: Rule, user: User) -> tuple[str, int]:
    dry_run = dry_runs.start_dry_run(rule=bombs, user=user)
    if runner := dry_runs._running.get(dry_run.pk):
        runner.join(TIMEOUT)
    dry_run.refresh_from_db()
    return dry_run.state, dry_run.scanned


def test_it_is_not_tried_on_past_messages_either(alice: User, ada: User, bombs: Rule) -> None:
    make_conversation(alice, "Hello")
    set_aside("rules", f"rule {bombs.pk}")
    assert end_of_dry_run(bombs, ada) == ("failed", 0)


def test_a_message_that_is_set_aside_is_left_out_of_trials(
    alice: User, ada: User, bombs: Rule
) -> None:
    message = make_conversation(alice, "A bomb", "No").messages.earliest("pk")
    set_aside("review", f"message {message.pk}")
    assert end_of_dry_run(bombs, ada) == ("done", 1)


def exported(client: Client) -> str:
    response = client.post("/admin/review/export/", {"format": "whole"})
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def test_an_export_leaves_out_a_conversation_that_killed_twice(
    alice: User, ada_client: Client
) -> None:
    deadly = make_conversation(alice, "Deadly", "Hi")
    make_conversation(alice, "Harmless", "Hi")
    worker.process_outbox()
    set_aside("exports", f"conversation {deadly.pk}")
    text = exported(ada_client)
    assert "Harmless" in text
    assert "Deadly" not in text
    page = ada_client.get("/admin/review/export/progress/").content.decode()
    assert "1 conversation isn’t in the file" in page


def test_after_one_crash_a_conversation_is_exported_alone(alice: User, ada_client: Client) -> None:
    first = make_conversation(alice, "First", "Hi")
    make_conversation(alice, "Second", "Hi")
    worker.process_outbox()
    crashed("exports", f"conversation {first.pk}")
    text = exported(ada_client)
    assert "First" in text
    assert "Second" in text
    assert not CrashedItem.objects.exists()
    assert not Attempt.objects.exists()


def due(user: User) -> None:
    aged(user, 10)
    aged(user, 11)


def test_retention_passes_over_whose_conversations_killed_twice(alice: User, bob: User) -> None:
    rule(1)
    due(alice)
    due(bob)
    an_hour_later()
    set_aside("retention", f"conversations of {alice.pseudonym}")
    assert Purger().purge() == 2
    assert set(Conversation.objects.values_list("owner", flat=True)) == {alice.pk}


def test_after_one_crash_retention_deletes_them_one_by_one(alice: User) -> None:
    rule(1)
    due(alice)
    an_hour_later()
    crashed("retention", f"conversations of {alice.pseudonym}")
    assert list(retention.purge_due(batch=20)) == [1, 1]
    assert not CrashedItem.objects.exists()


def test_housekeeping_does_its_other_parts(alice: User) -> None:
    RecentMessage.objects.create(user=alice, sent_at=timezone.now() - timedelta(hours=1))
    set_aside("housekeeping", "expired sessions")
    with CaptureQueriesContext(connection) as queries:
        run_housekeeping()
    assert not RecentMessage.objects.exists()
    assert not any("sessions" in query["sql"] for query in queries if "DELETE" in query["sql"])


def test_a_task_of_housekeeping_that_fails_holds_up_no_other(alice: User) -> None:
    RecentMessage.objects.create(user=alice, sent_at=timezone.now() - timedelta(hours=1))
    expired = Session.objects.create(session_key="a" * 32, expire_date=timezone.now())
    with deletion_refused(expired), pytest.raises(JobIncompleteError, match="expired sessions"):
        run_housekeeping()
    assert not RecentMessage.objects.exists()
