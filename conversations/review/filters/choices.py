"""What the filters of the queue, and what is done with chosen rows, can be chosen from."""

import uuid
from collections.abc import Sequence
from functools import cached_property

from django.db import connection
from django.utils.functional import Promise

from chatsite.accounts.models import User
from conversations.models import Assistant
from conversations.review.models import Label, Rule, Verdict
from conversations.review.permissions import list_reviewers
from conversations.review.shared_assistants import list_shared_assistants

MOST = 200

# Steps from one model to the next in the index: reading all rows for a dozen names would be slow.
MODELS = f"""
WITH RECURSIVE found (model) AS (
    SELECT MIN(model) FROM review_review
    UNION ALL
    SELECT (SELECT MIN(model) FROM review_review WHERE model > found.model) FROM found
    WHERE found.model IS NOT NULL
)
SELECT model FROM found WHERE model IS NOT NULL LIMIT {MOST}
"""  # noqa: S608 - a number of ours

type Words = str | Promise
type Pairs = list[tuple[str, Words]]


class Choices:
    """Each list is read once, when it is first needed."""

    @cached_property
    def models(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(MODELS)
            return [model for (model,) in cursor.fetchall()]

    def list_assistants(self, wanted: str) -> Pairs:
        """Return those that are shared, and the one of a link, such as a transcript has, which may
        be its user's alone.
        """
        shared = list_shared_assistants()
        if not wanted or wanted in dict(shared) or not is_uuid(wanted):
            return [*shared]
        rows = Assistant.objects.filter(pk=wanted).values_list("pk", "latest__name")
        return [*shared, *((str(pk), name) for pk, name in rows)]

    @cached_property
    def rules(self) -> list[Rule]:
        return list(Rule.objects.only("name")[:MOST])

    @cached_property
    def verdicts(self) -> list[Verdict]:
        return list(Verdict.objects.all()[:MOST])

    @cached_property
    def labels(self) -> list[Label]:
        return list(Label.objects.all()[:MOST])

    @cached_property
    def reviewers(self) -> list[User]:
        return list(list_reviewers()[:MOST])


def is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def make_id_choices(found: Sequence[Verdict | Label | Rule]) -> Pairs:
    return [(str(each.pk), str(each)) for each in found]
