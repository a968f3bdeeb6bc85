"""Flags by rule, put on new messages, and removed with their rules."""

import logging
import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from chatsite.offload import offload
from conversations.models import Message
from conversations.review.models import Flag, Rule, Trial
from conversations.review.rules import matching
from conversations.review.services import reviews

logger = logging.getLogger(__name__)

# Flags that are removed in one transaction.
CHUNK = 200
FAULT = Rule._meta.get_field("fault").max_length


def matches(messages: Sequence[Message], late: Sequence[Message] = ()) -> list[tuple[Message, int]]:
    """Which message matches which rule (its id); of `late`, only what they took is news.

    A rule that takes too long, or whose expression the engine takes no longer, is switched off, and
    matches nothing: the others go on.
    """
    rules = list(Rule.objects.filter(is_active=True)) if messages or late else []
    by_cost = [rule for rule in rules if rule.kind == Rule.Kind.COST]
    found: list[tuple[Message, int]] = []
    for some, these in ((rules, messages), (by_cost, late)):
        if not some or not these:
            continue
        for each in offload(matching.look, some, these):
            if fault := each.fault or (too_slow() if each.is_too_slow else ""):
                switch_off(each.rule, fault)
            else:
                found += [(message, each.rule) for message in each.messages]
    return found


def switch_off(rule_id: int, fault: str) -> None:
    logger.warning("rule %s is switched off: %s", rule_id, fault)
    Rule.objects.filter(pk=rule_id).update(is_active=False, fault=fault[:FAULT])


def too_slow() -> str:
    return _("It took over %(seconds)s s of computing for a few messages. Make it simpler.") % {
        "seconds": f"{matching.LIMIT:g}"
    }


def flag(found: Sequence[tuple[Message, int]], messages: Sequence[Message]) -> set[uuid.UUID]:
    """Flags those that are among `messages`; returns the conversations that have a new flag."""
    there = {message.pk for message in messages}
    pairs = [(message, rule) for message, rule in found if message.pk in there]
    if not pairs:
        return set()
    # Locked, so that none is deleted before the flags that name it are saved.
    rules = Rule.objects.select_for_update(no_key=True).filter(pk__in={pair[1] for pair in pairs})
    kept = set(rules.order_by("pk").values_list("pk", flat=True))
    of_messages = Flag.objects.filter(message__in={pair[0].pk for pair in pairs})
    flagged = set(of_messages.values_list("message", "rule"))
    new = [
        Flag(conversation_id=message.conversation_id, message_id=message.pk, rule_id=rule)
        for message, rule in pairs
        if rule in kept and (message.pk, rule) not in flagged
    ]
    Flag.objects.bulk_create(new, ignore_conflicts=True)
    return {each.conversation_id for each in new}


def delete_rules(*, rules: Iterable[Rule]) -> None:
    """Nobody sees them or their flags from here on, and their names are free; the rows go later
    (`remove_some`), as a rule may have flagged a hundred thousand conversations.
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
            is_going=True, is_active=False, name=nameless, text=""
        )


@transaction.atomic
def remove_some() -> bool:
    """Some of the flags of a rule that was deleted, and at last the rule; the queue's rows count
    those that are left. Whether there was anything to remove.
    """
    going = Rule.with_going.select_for_update(no_key=True).filter(is_going=True)
    rule = going.order_by("pk").first()
    if rule is None:
        return False
    some = Flag.with_going.filter(rule=rule).order_by().values_list("pk", "conversation")[:CHUNK]
    flags = dict(some)
    if not flags:
        rule.delete()
        return True
    Flag.with_going.filter(pk__in=flags).delete()
    reviews.count_flags(set(flags.values()))
    return True
