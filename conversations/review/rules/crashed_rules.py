"""Rules of which the process died: after the second time a rule is switched off, and not tried on
past messages either.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatsite.jobs import attempts
from chatsite.jobs.registry import Job
from conversations.review.models import Rule

NAME = "rules"
RULE = "rule"


def name_rule_item(rule: Rule) -> str:
    return f"{RULE} {rule.pk}"


def attempt_rule(rule: Rule) -> AbstractContextManager[bool]:
    """Enclose work of this rule alone; False where it is set aside."""
    return attempts.attempt_alone(NAME, name_rule_item(rule))


def count_crashes(rules: Sequence[Rule]) -> dict[int, int]:
    """Return how often the process died of each rule at which it has, by ids."""
    crashes = attempts.count_crashes(NAME, map(name_rule_item, rules)) if rules else {}
    return {
        rule.pk: crashes[name_rule_item(rule)] for rule in rules if name_rule_item(rule) in crashes
    }


def describe_crash() -> str:
    return _("The server died of it twice. An administrator can have it tried again.")


def retry_rule(item: str) -> None:
    """Switch the rule on again: it was switched off only because of that."""
    rules = Rule.objects.filter(pk=int(item.removeprefix(RULE)), is_active=False)
    rules.exclude(fault="").update(is_active=True, fault="")


JOB = Job(NAME, gettext_lazy("The rule is switched off."), retry_rule)
