"""What the panel's forms offer, read in one query: verdicts, reviewers and labels."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from conversations.review.models import Label, Labelling, Review, Verdict
from conversations.review.permissions import list_reviewers

VERDICT, REVIEWER, LABEL = "verdict", "reviewer", "label"

NO, FIRST, NOTHING = Value(False, BooleanField()), Value(0, IntegerField()), Value("", TextField())


@dataclass(frozen=True)
class Offer:
    kind: str
    pk: int
    name: str
    # A verdict's.
    description: str
    tone: str
    # Whether it holds now; in a form that was sent, whether it was chosen.
    is_chosen: bool

    def is_(self, kind: str, pk: int | None) -> bool:
        return (self.kind, self.pk) == (kind, pk)

    def chosen_if_it_holds(self, review: Review) -> "Offer":
        """A label says so itself."""
        holds = self.is_(VERDICT, review.verdict_id) or self.is_(REVIEWER, review.assignee_id)
        return replace(self, is_chosen=self.is_chosen or holds)


def offers_for(review: Review) -> list[Offer]:
    """Each kind in its order. What holds stays on offer, although it is off the list."""
    applied = Labelling.objects.filter(label=OuterRef("pk"), conversation=review.pk)
    verdicts = rows(
        Verdict.objects.filter(Q(is_active=True) | Q(pk=review.verdict_id)),
        VERDICT,
        place=F("position"),
        words=as_text("description"),
        tone=as_text("tone"),
    )
    able = rows(list_reviewers(), REVIEWER, name="username")
    labels = rows(Label.objects.all(), LABEL, chosen=Exists(applied))
    found = verdicts.union(able, labels, all=True).order_by("place", "called", "number")
    offers = [Offer(*fields) for *fields, _place in found]
    if (last := review.assignee) and not any(each.is_(REVIEWER, last.pk) for each in offers):
        offers.append(Offer(REVIEWER, last.pk, last.username, "", "", is_chosen=True))
    return [each.chosen_if_it_holds(review) for each in offers]


def chosen(offers: Iterable[Offer], kind: str, values: set[str] | None = None) -> list[Offer]:
    """Those of a kind; where a form was sent, as it has chosen."""
    these = [each for each in offers if each.kind == kind]
    if values is None:
        return these
    return [replace(each, is_chosen=str(each.pk) in values) for each in these]


def as_text(name: str) -> Cast:
    return Cast(F(name), TextField())


def rows(
    found: QuerySet[Any],
    kind: str,
    *,
    name: str = "name",
    chosen: Any = NO,
    place: Any = FIRST,
    words: Any = NOTHING,
    tone: Any = NOTHING,
) -> QuerySet[Any, Any]:
    """In the order of an Offer's fields, and its place."""
    columns: dict[str, Any] = {
        "of_kind": Value(kind, CharField()),
        "number": F("pk"),
        "called": as_text(name),
        "words": words,
        "toned": tone,
        "holds": chosen,
        "place": place,
    }
    listed: QuerySet[Any, Any] = found.order_by().annotate(**columns).values_list(*columns)
    return listed
