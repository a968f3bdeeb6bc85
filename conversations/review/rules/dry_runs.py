"""Trials: a rule looks at the messages that there are, the newest first, and flags nothing.

A thread reads them by primary key, a batch at a time and with no transaction open, and notes down
about once a second how far it is. Whoever reads a trial whose thread has died is told so.
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
from chatsite.core.connections import release_connection
from chatsite.core.offload import offload
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

_running: dict[int, "Trier"] = {}


def start(*, rule: Rule, user: User) -> Trial:
    """One at a time of a rule and a user: asked for again, it is the one that runs."""
    with transaction.atomic():
        Rule.objects.select_for_update(no_key=True).get(pk=rule.pk)
        for earlier in Trial.objects.filter(rule=rule, started_by=user, state=Trial.State.RUNNING):
            if settled(earlier).state == Trial.State.RUNNING:
                return earlier
        trial = Trial.objects.create(rule=rule, started_by=user)
        transaction.on_commit(lambda: begin(trial, user))
    return trial


def begin(trial: Trial, user: User) -> None:
    trier = Trier(trial, user)
    _running[trial.pk] = trier
    trier.start()


def stop(*, trial: Trial) -> None:
    """From whatever process: its thread hears of it within a second."""
    end(trial, Trial.State.STOPPED)
    if trier := _running.get(trial.pk):
        trier.stop()


def settled(trial: Trial) -> Trial:
    """The trial as it is: one that nobody has written to for long has failed."""
    silent_since = timezone.now() - timedelta(seconds=SILENCE)
    if trial.state == Trial.State.RUNNING and trial.heartbeat_at < silent_since:
        end(trial, Trial.State.FAILED, _("The process that ran it has ended. Try again."))
        trial.refresh_from_db()
    return trial


def end(trial: Trial, state: Trial.State, fault: str = "") -> bool:
    """Unless it has ended already, in which case that holds."""
    running = Trial.objects.filter(pk=trial.pk, state=Trial.State.RUNNING)
    return bool(running.update(state=state, fault=fault, heartbeat_at=timezone.now()))


class Trier:
    """The thread of one trial."""

    def __init__(self, trial: Trial, user: User) -> None:
        self.trial = trial
        self.messages = messages_for(user).exclude(pk__in=crashed_events.list_messages_set_aside())
        self.language = translation.get_language()
        self.scanned = self.matched = 0
        self.examples: list[int] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"trial {trial.pk}", daemon=True)

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
                crashed_rules.attempt(self.trial.rule) as is_tried,
            ):
                if is_tried:
                    self.run()
                else:
                    end(self.trial, Trial.State.FAILED, crashed_rules.fault())
        except matching.RuleTooSlowError:
            end(self.trial, Trial.State.FAILED, flagging.too_slow())
        except InvalidPatternError as refused:
            end(self.trial, Trial.State.FAILED, refused.sentence[:FAULT])
        except Exception:
            logger.exception("trial %s failed", self.trial.pk)
            end(self.trial, Trial.State.FAILED, _("Something went wrong. Try again."))
        finally:
            _running.pop(self.trial.pk, None)
            connection.close()

    def run(self) -> None:
        noted_at = time.monotonic()
        for share in self.batches():
            if self._stopped.wait(REST):
                self.note(share)
                return
            if time.monotonic() - noted_at >= INTERVAL:
                if not self.note(share):
                    return
                noted_at = time.monotonic()
        self.note(1.0)
        end(self.trial, Trial.State.DONE)

    def batches(self) -> Iterator[float]:
        """Looks at a batch, and says which share of all ids is done."""
        newest, oldest = self.bounds()
        before = newest + 1
        while batch := list(self.messages.filter(pk__lt=before)[:BATCH]):
            (found,) = offload(matching.look, [self.trial.rule], batch)
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

    def bounds(self) -> tuple[int, int]:
        ids = Message.objects.order_by("pk").values_list("pk", flat=True)
        return ids.last() or 0, ids.first() or 0

    def note(self, share: float) -> bool:
        """How far it is; False when it was ended meanwhile, from wherever. How many there are in
        all is reckoned, as counting takes as long as reading.
        """
        Trial.objects.filter(pk=self.trial.pk).update(
            total=max(self.scanned, round(self.scanned / share)),
            scanned=self.scanned,
            matched=self.matched,
            examples=self.examples,
            heartbeat_at=timezone.now(),
        )
        runs = Trial.objects.filter(pk=self.trial.pk, state=Trial.State.RUNNING).exists()
        release_connection()
        return runs


def messages_for(reader: User) -> QuerySet[Message]:
    """The finished ones that the reader may see, with what rules look at."""
    finished = Message.objects.filter(visible_to(reader)).exclude(status__in=Message.RUNNING)
    return finished.only("pk", "role", "text", "cost_usd").order_by("-pk")


class Trials:
    """Ends those of this process with it."""

    def start(self) -> None:
        """They begin when somebody asks for them."""

    def stop(self) -> None:
        for trier in list(_running.values()):
            trier.stop()
            end(trier.trial, Trial.State.FAILED, _("The site was restarted. Try again."))
            trier.join()
