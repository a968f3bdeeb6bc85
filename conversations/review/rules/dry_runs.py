"""Dry runs: a rule looks at the messages that there are, the newest first, and flags nothing.

A thread reads them by primary key, a batch at a time and with no transaction open, and notes down
about once a second how far it is. Whoever reads a dry run whose thread has died is told so.
"""

import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.clocks import is_recent
from chatsite.core.connections import release_connection
from chatsite.core.offload import offload
from conversations.attachments.queries import load_files
from conversations.models import Message
from conversations.outbox import crashed_events
from conversations.review.models import Rule, Trial
from conversations.review.queries import visible_to
from conversations.review.rules import crashed_rules, flagging, matching
from conversations.review.rules.expressions import InvalidPatternError

logger = logging.getLogger(__name__)

BATCH = 200
EXAMPLES = 20
# Seconds: between two notes of how far it is; of silence after which its thread is dead; and of
# rest after a batch, in which others get on.
INTERVAL = 1.0
SILENCE = 30.0
REST = 0.002
FAULT = Trial._meta.get_field("fault").max_length

_running: dict[int, "DryRunWorker"] = {}


def start_dry_run(*, rule: Rule, user: User) -> Trial:
    """Return the dry run that was started, or the one of this rule and user that runs already."""
    with transaction.atomic():
        Rule.objects.select_for_update(no_key=True).get(pk=rule.pk)
        for earlier in Trial.objects.filter(rule=rule, started_by=user, state=Trial.State.RUNNING):
            if fail_if_abandoned(earlier).state == Trial.State.RUNNING:
                return earlier
        dry_run = Trial.objects.create(rule=rule, started_by=user)
        transaction.on_commit(lambda: start_worker(dry_run, user))
    return dry_run


def start_worker(dry_run: Trial, user: User) -> None:
    worker = DryRunWorker(dry_run, user)
    _running[dry_run.pk] = worker
    worker.start()


def stop_dry_run(*, dry_run: Trial) -> None:
    """Stop it, from whatever process: its thread notices within a second."""
    end_dry_run(dry_run, Trial.State.STOPPED)
    if worker := _running.get(dry_run.pk):
        worker.stop()


def fail_if_abandoned(dry_run: Trial) -> Trial:
    """Return the dry run as it is: one without a heartbeat for long has failed."""
    is_heard = is_recent(dry_run.heartbeat_at, timezone.now(), timedelta(seconds=SILENCE))
    if dry_run.state == Trial.State.RUNNING and not is_heard:
        end_dry_run(dry_run, Trial.State.FAILED, _("The process that ran it has ended. Try again."))
        dry_run.refresh_from_db()
    return dry_run


def end_dry_run(dry_run: Trial, state: Trial.State, fault: str = "") -> bool:
    """End it, and say whether this did: one that has ended already stays as it is."""
    running = Trial.objects.filter(pk=dry_run.pk, state=Trial.State.RUNNING)
    return bool(running.update(state=state, fault=fault, heartbeat_at=timezone.now()))


class DryRunWorker:
    """The thread of one dry run."""

    def __init__(self, dry_run: Trial, user: User) -> None:
        self.dry_run = dry_run
        self.messages = select_messages(user).exclude(
            pk__in=crashed_events.list_messages_set_aside()
        )
        self.language = translation.get_language()
        self.scanned = self.matched = 0
        self.examples: list[int] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"dry run {dry_run.pk}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def join(self, timeout: float | None = None) -> None:
        self._thread.join(timeout)

    def _run(self) -> None:
        try:
            with (
                translation.override(self.language),
                crashed_rules.attempt_rule(self.dry_run.rule) as is_tried,
            ):
                if is_tried:
                    self.scan_messages()
                else:
                    end_dry_run(self.dry_run, Trial.State.FAILED, crashed_rules.describe_crash())
        except matching.RuleTooSlowError:
            end_dry_run(self.dry_run, Trial.State.FAILED, flagging.describe_slowness())
        except InvalidPatternError as error:
            end_dry_run(self.dry_run, Trial.State.FAILED, error.sentence[:FAULT])
        except Exception:
            logger.exception("dry run %s failed", self.dry_run.pk)
            end_dry_run(self.dry_run, Trial.State.FAILED, _("Something went wrong. Try again."))
        finally:
            _running.pop(self.dry_run.pk, None)
            connection.close()

    def scan_messages(self) -> None:
        saved_at = time.monotonic()
        for share in self.scan_batches():
            if self._stopped.wait(REST):
                self.save_progress(share)
                return
            if time.monotonic() - saved_at >= INTERVAL:
                if not self.save_progress(share):
                    return
                saved_at = time.monotonic()
        self.save_progress(1.0)
        end_dry_run(self.dry_run, Trial.State.DONE)

    def scan_batches(self) -> Iterator[float]:
        """Match a batch at a time, and yield which share of all ids is done."""
        newest, oldest = self.find_id_range()
        before = newest + 1
        while batch := list(self.messages.filter(pk__lt=before)[:BATCH]):
            load_files(batch, with_text=True)
            (found,) = offload(matching.match_rules, [self.dry_run.rule], batch)
            if found.is_too_slow:
                raise matching.RuleTooSlowError
            if found.fault:
                raise InvalidPatternError(found.fault)
            self.scanned += len(batch)
            self.matched += len(found.messages)
            self.examples += [message.pk for message in found.messages]
            del self.examples[EXAMPLES:]
            before = batch[-1].pk
            yield (newest - before + 1) / (newest - oldest + 1)

    def find_id_range(self) -> tuple[int, int]:
        ids = Message.objects.order_by("pk").values_list("pk", flat=True)
        return ids.last() or 0, ids.first() or 0

    def save_progress(self, share: float) -> bool:
        """Save how far it is; return False when it was ended meanwhile, from wherever. How many
        there are in all is estimated, as counting takes as long as reading.
        """
        Trial.objects.filter(pk=self.dry_run.pk).update(
            total=max(self.scanned, round(self.scanned / share)),
            scanned=self.scanned,
            matched=self.matched,
            examples=self.examples,
            heartbeat_at=timezone.now(),
        )
        runs = Trial.objects.filter(pk=self.dry_run.pk, state=Trial.State.RUNNING).exists()
        release_connection()
        return runs


def select_messages(reader: User) -> QuerySet[Message]:
    """Return the finished ones that the reader may see, with what rules look at."""
    finished = Message.objects.filter(visible_to(reader)).exclude(status__in=Message.RUNNING)
    return finished.only("pk", "role", "text", "file_count", "cost_usd").order_by("-pk")


class DryRunWorkers:
    """The dry runs of this process, which end with it."""

    def start(self) -> None:
        """They begin when somebody asks for them."""

    def stop(self) -> None:
        for worker in list(_running.values()):
            worker.stop()
            end_dry_run(worker.dry_run, Trial.State.FAILED, _("The site was restarted. Try again."))
            worker.join()
