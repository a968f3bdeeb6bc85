"""What the forms beside the transcript offer: verdicts, reviewers and labels.

What holds stays among the choices, although it is off the list.
"""

from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q

from conversations.review.models import Label, Labelling, Review, Verdict
from conversations.review.permissions import list_reviewers


@dataclass(frozen=True)
class Choice:
    pk: int
    name: str
    # Whether it holds now; in a form that was sent, whether it was chosen.
    is_chosen: bool
    # A verdict's.
    description: str = ""
    tone: str = ""


def list_verdict_choices(review: Review) -> list[Choice]:
    verdicts = Verdict.objects.filter(Q(is_active=True) | Q(pk=review.verdict_id))
    return [
        Choice(each.pk, each.name, each.pk == review.verdict_id, each.description, each.tone)
        for each in verdicts.order_by("position", "name", "pk")
    ]


def list_assignee_choices(review: Review) -> list[Choice]:
    able = list(list_reviewers())
    if review.assignee and review.assignee not in able:
        able.append(review.assignee)
    return [Choice(user.pk, user.username, user.pk == review.assignee_id) for user in able]


def list_label_choices(review: Review) -> list[Choice]:
    applied = Labelling.objects.filter(label=OuterRef("pk"), conversation=review.pk)
    labels = Label.objects.annotate(is_applied=Exists(applied)).order_by("name", "pk")
    return [Choice(label.pk, label.name, label.is_applied) for label in labels]


def mark_chosen(choices: list[Choice], sent: set[str] | None) -> list[Choice]:
    """Return them as a form that was sent has chosen; as they are, where none was."""
    if sent is None:
        return choices
    return [replace(each, is_chosen=str(each.pk) in sent) for each in choices]
