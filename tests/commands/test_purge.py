"""`manage.py purge` as cron and people see it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review.models import RetentionRule
from conversations.review.retention import holds
from tests.factories import make_conversation

# The database's files are cleaned, which a transaction around it all would stand in the way of.
pytestmark = pytest.mark.django_db(transaction=True)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def run(*arguments: str, output: StringIO | None = None) -> str:
    output = output or StringIO()
    call_command("purge", *arguments, stdout=output, stderr=output)
    return output.getvalue()


@pytest.fixture
def old(alice: User, ada: User) -> None:
    """Three old conversations, one of them on hold, and a new one."""
    talks = [make_conversation(alice, "Hello", "Hi") for _ in range(3)]
    Conversation.objects.update(last_activity_at=timezone.now() - timedelta(days=40))
    holds.put_hold(conversation=talks[0], reason="A case.", by=ada)
    make_conversation(alice, "Hello", "Hi")
    RetentionRule.objects.create(days=30)


def test_it_deletes_and_sums_up(old: None) -> None:
    output = run()
    assert output.startswith("Deleted 2 conversations in ")
    assert output.endswith(" s. 1 conversation kept by a legal hold.\n")
    assert Conversation.objects.count() == 2


def test_a_second_run_finds_nothing(old: None) -> None:
    run()
    assert "Deleted 0 conversations" in run()


def test_a_dry_run_only_says_what_would_go(old: None) -> None:
    output = run("--dry-run")
    assert "Everybody (30 days): 2 conversations" in output
    assert "Would delete 2 conversations with 4 messages." in output
    assert Conversation.objects.count() == 4


def test_without_a_rule_it_says_so() -> None:
    assert run() == "No retention rule deletes anything.\n"


@pytest.mark.parametrize("batch", ["0", "-1", "many", "100000"])
def test_a_strange_batch_is_refused(batch: str) -> None:
    with pytest.raises(CommandError, match="batch"):
        run(f"--batch={batch}")


def test_batches_may_be_of_one(old: None) -> None:
    assert "Deleted 2 conversations" in run("--batch=1")


def test_on_a_terminal_it_counts(old: None) -> None:
    said = run("--batch=1", output=Terminal())
    assert said.startswith("\r1 of 2 conversations\r2 of 2 conversations\nDeleted 2 ")
