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


def item_of(rule: Rule) -> str:
    return f"{RULE} {rule.pk}"


def attempt(rule: Rule) -> AbstractContextManager[bool]:
    """Around work of this rule alone; False where it is set aside."""
    return attempts.attempt_alone(NAME, item_of(rule))


def crashes_of(rules: Sequence[Rule]) -> dict[int, int]:
    """How often the process died of each at which it has, by ids."""
    crashes = attempts.count_crashes(NAME, map(item_of, rules)) if rules else {}
    return {rule.pk: crashes[item_of(rule)] for rule in rules if item_of(rule) in crashes}


def fault() -> str:
    return _("The server died of it twice. An administrator can have it tried again.")


def ask_again(item: str) -> None:
    """It was switched off only because of that."""
    rules = Rule.objects.filter(pk=int(item.removeprefix(RULE)), is_active=False)
    rules.exclude(fault="").update(is_active=True, fault="")


JOB = Job(NAME, gettext_lazy("The rule is switched off."), ask_again)
