"""Labels on conversations, and new ones by their names."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Lower

from chatsite.accounts.models import User
from chatsite.core.locks import retry_on_conflict
from conversations.review.decisions import decisions
from conversations.review.models import Label, Labelling, Review


@retry_on_conflict
@transaction.atomic
def set_labels(
    *,
    review: Review,
    reviewer: User,
    version: int | None,
    labels: Collection[Label],
    new: str = "",
) -> None:
    """These and no others, of those that there still are; `new` is the name of one more, made if
    there is none. Raises decisions.StaleVersionError.
    """
    decisions.save_decision(review=review, reviewer=reviewer, version=version)
    there = Label.objects.filter(pk__in=[label.pk for label in labels])
    wanted = [*there, *([get_or_create_label(new)] if new else [])]
    labellings = Labelling.objects.filter(conversation_id=review.pk)
    labellings.exclude(label__in=wanted).delete()
    Labelling.objects.bulk_create(
        (Labelling(conversation_id=review.pk, label=label) for label in wanted),
        ignore_conflicts=True,
    )


def get_or_create_label(name: str) -> Label:
    """Whatever the case: there is one label of a name, also when two make it at once."""
    same = Label.objects.alias(folded=Lower("name")).filter(folded=Lower(Value(name)))
    if label := same.first():
        return label
    try:
        with transaction.atomic():
            return Label.objects.create(name=name)
    except IntegrityError:
        return same.get()
