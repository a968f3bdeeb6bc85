"""Retention: conversations are deleted so many days after their last message.

Whether one is due is one condition (`due`), which is asked to find it and, in the transaction that
deletes it, once more: under the lock that sending and placing a hold take, so that nothing goes
that somebody has just written to, and two who purge at once get each its own.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.models import User
from chatsite.core.locks import lock_user
from chatsite.databases.sqlite import secure_vacuum
from chatsite.jobs import attempts
from chatsite.jobs.failures import FailureCollector, collect_failures
from chatsite.jobs.registry import Job
from conversations.models import Conversation, Message
from conversations.review.audit import search_words
from conversations.review.exports import services as exporting
from conversations.review.models import Regrouping, RetentionRule
from conversations.search import compaction

Membership = User.groups.through
# Users found at a time, and seconds that the files' cleaning may wait for readers.
OWNERS = 500
TIMEOUT = 30.0
NO_GRACE = timedelta(0)
JOB = Job("retention", _("Retention deletes nothing of it."))


@dataclass(frozen=True)
class RulesInForce:
    everybody: RetentionRule | None
    of_groups: list[RetentionRule]

    @classmethod
    def current(cls) -> "RulesInForce":
        rules = list(RetentionRule.objects.select_related("group"))
        everybody = next((rule for rule in rules if rule.group_id is None), None)
        return cls(everybody, [rule for rule in rules if rule.group_id is not None])

    def passed(self, now: datetime) -> Q:
        """Of conversations whose time is over: every rule that counts for their owner says so."""
        condition = Q(Exists(member_of(rule.group_id for rule in self.of_groups)))
        if self.everybody and self.everybody.days is not None:
            condition |= Q(last_activity_at__lt=find_cutoff(self.everybody.days, now))
        for rule in self.of_groups:
            member = is_member(rule)
            if rule.days is None:
                condition &= ~Q(member)
            else:
                condition &= ~Q(member) | Q(last_activity_at__lt=find_cutoff(rule.days, now))
        return condition & Q(last_activity_at__lt=self.latest_cutoff(now))

    def latest_cutoff(self, now: datetime) -> datetime:
        """Nothing with activity since then is due by any rule; what an index can find."""
        days = [rule.days for rule in (self.everybody, *self.of_groups) if rule]
        return find_cutoff(min(each for each in days if each is not None), now)

    def changed_since(self, moment: datetime) -> bool:
        return any(rule.changed_at > moment for rule in (self.everybody, *self.of_groups) if rule)

    @property
    def delete_nothing(self) -> bool:
        return all(rule.days is None for rule in (self.everybody, *self.of_groups) if rule)


def is_member(rule: RetentionRule) -> Exists:
    return Exists(member_of([rule.group_id]))


def member_of(groups: Iterable[int | None]) -> QuerySet[Any]:
    """Memberships of a conversation's owner."""
    return Membership.objects.filter(user=OuterRef("owner"), group__in=list(groups))


def find_cutoff(days: int, now: datetime) -> datetime:
    """As far back as there are days; "a billion days ago" is before the first."""
    try:
        return now - timedelta(days=days)
    except OverflowError:
        return datetime.min.replace(tzinfo=now.tzinfo)


def due_conversations(
    now: datetime | None = None, grace: timedelta = NO_GRACE
) -> QuerySet[Conversation]:
    """Those to be deleted, by all rules together; none where what counts for their owner was
    changed within the grace.
    """
    now = now or timezone.now()
    rules = RulesInForce.current()
    if rules.delete_nothing or (grace and rules.changed_since(now - grace)):
        return Conversation.objects.none()
    running = Message.objects.filter(conversation=OuterRef("pk"), status__in=Message.RUNNING)
    found = Conversation.objects.filter(is_held=False, owner__isnull=False).order_by()
    if grace:
        regrouped = Regrouping.objects.filter(changed_at__gt=now - grace)
        found = found.exclude(Exists(regrouped.filter(user=OuterRef("owner"))))
    return found.filter(~Exists(running), rules.passed(now))


def held_conversations(now: datetime | None = None) -> QuerySet[Conversation]:
    """Those that would be due, were they not on hold."""
    rules = RulesInForce.current()
    if rules.delete_nothing:
        return Conversation.objects.none()
    return Conversation.objects.filter(rules.passed(now or timezone.now()), is_held=True).order_by()


def due_by(rule: RetentionRule, now: datetime | None = None) -> QuerySet[Conversation]:
    """Those of the people whom this rule is for."""
    if rule.group_id is not None:
        return due_conversations(now).filter(is_member(rule))
    others = (each.group_id for each in RulesInForce.current().of_groups)
    return due_conversations(now).exclude(Exists(member_of(others)))


def due_by_rule(limit: int) -> tuple[dict[int, int], bool]:
    """How many each rule, by its id, would delete now; and whether there are more than the limit,
    beyond which nothing is counted.
    """
    rules = RulesInForce.current()
    own = Exists(member_of(rule.group_id for rule in rules.of_groups))
    conditions: dict[str, Any] = {str(rule.pk): is_member(rule) for rule in rules.of_groups}
    if rules.everybody:
        conditions[str(rules.everybody.pk)] = ~own
    found = Conversation.objects.filter(pk__in=due_conversations().values("pk")[: limit + 1])
    counts = found.aggregate(
        all=Count("pk"),
        **{f"of_{pk}": Count("pk", filter=condition) for pk, condition in conditions.items()},
    )
    return {int(pk): counts[f"of_{pk}"] for pk in conditions}, counts["all"] > limit


def purge_due(
    *, batch: int, now: datetime | None = None, grace: timedelta = NO_GRACE
) -> Iterator[int]:
    """Deletes what is due and yields after each transaction how many that were.

    May be called at any time, by several at once, and be broken off. What fails is passed over;
    raises JobIncompleteError at the end where something did.
    """
    now = now or timezone.now()
    with collect_failures() as failures:
        for owner, pseudonym in list_owners(now, grace):
            item = f"conversations of {pseudonym}"
            # Where the process died of a batch, one by one.
            size = 1 if attempts.count_crashes(JOB.name, [item]) else batch
            with attempts.attempt_alone(JOB.name, item) as is_tried:
                if is_tried:
                    yield from purge_owner(owner, size, now, grace, failures)


def purge_owner(
    owner: int, size: int, now: datetime, grace: timedelta, failures: FailureCollector
) -> Iterator[int]:
    """Deletes what is due of one owner; where a batch fails, one by one."""
    left: set[uuid.UUID] = set()
    while True:
        due = due_conversations(now, grace).filter(owner=owner).exclude(pk__in=left)
        ids = list(due.values_list("pk", flat=True)[:size])
        if not ids:
            return
        count = 0
        with failures.pass_over(f"conversation {ids[0]}, one of {len(ids)},"):
            count = delete_some(owner, ids, now, grace)
        if count:
            yield count
        elif len(ids) == 1:
            left.update(ids)
        else:
            size = 1


def list_owners(now: datetime, grace: timedelta) -> Iterator[tuple[int, str]]:
    """Of conversations that are due: ids and pseudonyms."""
    last = 0
    while True:
        found = due_conversations(now, grace).filter(owner__gt=last).order_by("owner").distinct()
        page = list(found.values_list("owner", "owner__pseudonym")[:OWNERS])
        if not page:
            return
        yield from page
        last = page[-1][0]


def delete_some(
    owner: int, conversation_ids: Sequence[uuid.UUID], now: datetime, grace: timedelta
) -> int:
    """Deletes those of them that are still due; returns how many they were."""
    with transaction.atomic():
        try:
            lock_user(owner)
        except User.DoesNotExist:
            return 0
        # Locked, so that feedback on one that goes waits for that.
        due = due_conversations(now, grace).filter(owner=owner, pk__in=conversation_ids)
        ids = list(due.select_for_update(of=("self",)).values_list("pk", flat=True))
        Conversation.objects.filter(pk__in=ids).delete()
        if ids:
            transaction.on_commit(secure_vacuum.scrub_soon)
    return len(ids)


def clean_up() -> bool:
    """The deleted text out of indexes and files as well; False when a reader stood in the way, and
    it is left to the server's next try.
    """
    exporting.delete_old_exports()
    search_words.forget_old_words()
    return compaction.compact_indexes(TIMEOUT)


def on_rule_deleted(**_signal: Any) -> None:
    """The rules that are left count for more people now, also when a group took its own along."""
    RetentionRule.objects.update(changed_at=timezone.now())


def on_membership_changed(
    *, action: str, instance: Model, reverse: bool, pk_set: set[int] | None, **_signal: Any
) -> None:
    """Notes down whoever comes into a group that has a rule or leaves one. Who is in it already,
    or never was, stays as they are: claims of a provider say the same again and again.
    """
    if action not in ("post_add", "pre_remove", "pre_clear"):
        return
    near, far = ("group", "user") if reverse else ("user", "group")
    changed = Membership.objects.filter(
        **{near: instance.pk}, group__in=RetentionRule.objects.values("group")
    )
    if pk_set is not None:
        changed = changed.filter(**{f"{far}__in": pk_set})
    Regrouping.objects.bulk_create(
        [
            Regrouping(user_id=user, changed_at=timezone.now())
            for user in sorted(set(changed.values_list("user", flat=True)))
        ],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["changed_at"],
    )
