"""Flags by rule, put on new messages, and removed with their rules."""

import logging
import uuid
from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatsite.core.offload import offload
from chatsite.jobs import attempts
from chatsite.jobs.failures import collect_failures
from chatsite.jobs.registry import Job
from conversations.models import Message
from conversations.review import review_rows as reviews
from conversations.review.models import Flag, Rule, Trial
from conversations.review.rules import crashed_rules, matching

logger = logging.getLogger(__name__)

# Flags that are removed in one transaction.
CHUNK = 200
FAULT = Rule._meta.get_field("fault").max_length
REMOVAL = Job("removal", gettext_lazy("The flags of a deleted rule stay, where nobody sees them."))


def find_matches(
    messages: Sequence[Message], late: Sequence[Message] = (), *, one_by_one: bool = False
) -> list[tuple[Message, int]]:
    """Return which message matches which rule (its id); of `late`, only what they cost is news.

    A rule that takes too long, or whose expression the engine takes no longer, is switched off, and
    matches nothing: the others go on. `one_by_one`: the process has died at these messages, perhaps
    of a rule.
    """
    rules = list_active_rules() if messages or late else []
    suspects = {rule.pk for rule in rules if one_by_one} or set(crashed_rules.count_crashes(rules))
    by_cost = [rule for rule in rules if rule.kind == Rule.Kind.COST]
    found: list[tuple[Message, int]] = []
    for some, these in ((rules, messages), (by_cost, late)):
        if not some or not these:
            continue
        for each in match_apart(some, these, suspects):
            if fault := each.fault or (describe_slowness() if each.is_too_slow else ""):
                switch_off(each.rule_id, fault)
            else:
                found += [(message, each.rule_id) for message in each.messages]
    return found


def list_active_rules() -> list[Rule]:
    """Return the active rules without those of which the process has died twice, which are switched
    off.
    """
    rules = list(Rule.objects.filter(is_active=True))
    crashes = crashed_rules.count_crashes(rules)
    aside = [rule for rule in rules if crashes.get(rule.pk, 0) >= attempts.LIMIT]
    for rule in aside:
        switch_off(rule.pk, crashed_rules.describe_crash())
    return [rule for rule in rules if rule not in aside]


def match_apart(
    rules: Sequence[Rule], messages: Sequence[Message], suspects: set[int]
) -> Iterator[matching.RuleMatches]:
    """Yield what each rule matches: the suspects alone, all others together."""
    yield from offload(
        matching.match_rules, [rule for rule in rules if rule.pk not in suspects], messages
    )
    for rule in rules:
        if rule.pk in suspects:
            with crashed_rules.attempt_rule(rule):
                found = offload(matching.match_rules, [rule], messages)
            yield from found


def switch_off(rule_id: int, fault: str) -> None:
    logger.warning("rule %s is switched off: %s", rule_id, fault)
    Rule.objects.filter(pk=rule_id).update(is_active=False, fault=fault[:FAULT])


def describe_slowness() -> str:
    return _("It took over %(seconds)s s of computing for a few messages. Make it simpler.") % {
        "seconds": f"{matching.LIMIT:g}"
    }


def save_flags(found: Sequence[tuple[Message, int]], messages: Sequence[Message]) -> set[uuid.UUID]:
    """Flag those that are among `messages`; return the conversations that have a new flag."""
    there = {message.pk for message in messages}
    pairs = [(message, rule) for message, rule in found if message.pk in there]
    if not pairs:
        return set()
    # Locked, so that none is deleted before the flags that name it are saved.
    rules = Rule.objects.select_for_update(no_key=True).filter(pk__in={pair[1] for pair in pairs})
    kept = set(rules.order_by("pk").values_list("pk", flat=True))
    of_messages = Flag.objects.filter(message__in={pair[0].pk for pair in pairs})
    flagged = set(of_messages.values_list("message", "rule"))
    # As they are now: their owner may have deleted them since they were read, which moves them.
    moved = dict(
        Message.objects.filter(pk__in={pair[0].pk for pair in pairs}).values_list(
            "pk", "conversation"
        )
    )
    new = [
        Flag(conversation_id=moved[message.pk], message_id=message.pk, rule_id=rule)
        for message, rule in pairs
        if message.pk in moved and rule in kept and (message.pk, rule) not in flagged
    ]
    Flag.objects.bulk_create(new, ignore_conflicts=True)
    return {each.conversation_id for each in new}


def delete_rules(*, rules: Iterable[Rule]) -> None:
    """Hide the rules: nobody sees them or their flags from here on, and their names are free; the
    rows go later (`remove_deleted_rules`), as a rule may have flagged a hundred thousand
    conversations.
    """
    ids = [rule.pk for rule in rules]
    with transaction.atomic():
        # No flag is added from here on.
        list(Rule.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
        Trial.objects.filter(rule__in=ids, state=Trial.State.RUNNING).update(
            state=Trial.State.STOPPED
        )
        # No form leaves a space before a name.
        nameless = Concat(Value(" "), Cast("pk", CharField()))
        Rule.objects.filter(pk__in=ids).update(
            is_pending_deletion=True, is_active=False, name=nameless, text=""
        )


def remove_deleted_rules() -> bool:
    """Remove some flags of a deleted rule, and at last the rule; say whether there was anything."""
    with collect_failures() as failures:
        for rule in Rule.all_objects.filter(is_pending_deletion=True).order_by("pk"):
            item = f"deleted rule {rule.pk}"
            is_any = False
            with failures.pass_over(item), attempts.attempt_alone(REMOVAL.name, item) as is_tried:
                is_any = is_tried and remove_some_flags(rule.pk)
            if is_any:
                return True
    return False


@transaction.atomic
def remove_some_flags(rule_id: int) -> bool:
    """Remove some flags and count those that are left in the queue's rows."""
    going = Rule.all_objects.select_for_update(no_key=True).filter(is_pending_deletion=True)
    rule = going.filter(pk=rule_id).first()
    if rule is None:
        return False
    some = Flag.all_objects.filter(rule=rule).order_by().values_list("pk", "conversation")[:CHUNK]
    flags = dict(some)
    if not flags:
        rule.delete()
        return True
    Flag.all_objects.filter(pk__in=flags).delete()
    reviews.count_flags(set(flags.values()))
    return True
