"""`manage.py purge`: deletes what is older than the retention rules say, now."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from chatsite.jobs.failures import JobIncompleteError
from conversations.models import Message
from conversations.review.retention import services as retention
from conversations.review.retention.services import RulesInForce

BATCH = 100
# Seconds between two lines where there is no terminal.
LINES = 10.0


def positive(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 10_000:
        raise ArgumentTypeError("give a number from 1 to 10000")
    return number


class Command(BaseCommand):
    help = (
        "Delete the conversations that are older than the retention rules allow. It may run at any "
        "time, also twice at once, and be broken off: the next run goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        parser.add_argument(
            "--batch",
            type=positive,
            default=BATCH,
            help=f"conversations deleted in one transaction ({BATCH})",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        now = timezone.now()
        if RulesInForce.current().delete_nothing:
            self.stdout.write("No retention rule deletes anything.")
            return
        if options["dry_run"]:
            self.say_what_would_go(now)
        else:
            self.purge(now, options["batch"])

    def say_what_would_go(self, now: datetime) -> None:
        rules = RulesInForce.current()
        for rule in filter(None, (rules.everybody, *rules.of_groups)):
            kept = "for good" if rule.days is None else f"{rule.days} days"
            self.stdout.write(
                f"{rule} ({kept}): {counted(retention.due_by(rule, now).count(), 'conversation')}"
            )
        due = retention.due_conversations(now)
        messages = Message.objects.filter(conversation__in=due).count()
        self.stdout.write(
            f"Would delete {counted(due.count(), 'conversation')} with "
            f"{counted(messages, 'message')}. {self.kept(now)}"
        )

    def purge(self, now: datetime, batch: int) -> None:
        started, self._shown_at = time.monotonic(), time.monotonic()
        total, deleted = retention.due_conversations(now).count(), 0
        try:
            for count in retention.purge_due(batch=batch, now=now):
                deleted += count
                self.show(deleted, total)
            is_clean = retention.clean_up()
        except (DatabaseError, JobIncompleteError) as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(
                f"Stopped after {counted(deleted, 'conversation')}: {reason}. Those are deleted; "
                "run it again for the others."
            ) from error
        if self.stdout.isatty() and deleted:
            self.stdout.write("")
        self.stdout.write(
            f"Deleted {counted(deleted, 'conversation')} in {time.monotonic() - started:.0f} s. "
            f"{self.kept(now)}"
        )
        if not is_clean:
            self.stderr.write(
                "Some of the text may be in the database's write-ahead log still, because somebody "
                "is reading. It goes when the server next empties it, at the latest when it stops."
            )

    def kept(self, now: datetime) -> str:
        held = retention.held_conversations(now).count()
        return f"{counted(held, 'conversation')} kept by a legal hold."

    def show(self, deleted: int, total: int) -> None:
        """On a terminal one line that counts; elsewhere a line now and then."""
        line = f"{deleted:,} of {max(total, deleted):,} conversations"
        if self.stdout.isatty():
            self.stdout.write(f"\r{line}", ending="")
            self.stdout.flush()
        elif time.monotonic() - self._shown_at >= LINES:
            self.stdout.write(line)
            self._shown_at = time.monotonic()


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
