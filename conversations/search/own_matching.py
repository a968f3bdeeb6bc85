"""Which messages of one owner hold what is searched for, by an index that knows the owner: what
others have written isn't looked at, however much it is.

SQLite: FTS5 walks from the newest on through what has the owner's mark and the words. PostgreSQL's
GIN has no order, and what is frequent would be fetched whole; so the owner's newest are read first,
by no index of texts, which finds what is frequent. What isn't found among them is rare.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import BooleanField, F, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.lookups import LessThanOrEqual

from conversations.search.days import IdRange
from conversations.search.matching import (
    LATIN,
    WINDOW,
    build_text_conditions,
    choose_index,
    list_indexes,
    list_short,
)
from conversations.search.models import MessageDocument, TitleDocument
from conversations.search.normalizing import compute_bigrams
from conversations.search.owners import compute_owner_gram

# As the index `review_message_own_trigrams` has it; arrays need no extension of PostgreSQL's.
OF_OWNER = "ARRAY[review_messagedocument.owner_id] @> ARRAY[%s::bigint]"


def knows_owners(table: type[MessageDocument] | type[TitleDocument]) -> bool:
    """Whether the index knows whose all of its rows are; before, it finds only some by owner."""
    return not table.objects.filter(owner_id=None).exists()


def list_own_ids(owner_id: int, terms: Sequence[str], within: IdRange, size: int) -> list[int]:
    """Return the ids of the newest messages that hold all of the terms, at most `size`, within a
    range that has no beginning.
    """
    if connection.vendor != "postgresql":
        return list_ids(match_by_fts(owner_id, terms, within), size)
    own = MessageDocument.objects.filter(within.condition("pk"), owner_id=owner_id)
    begin = own.order_by("-pk").values_list("pk", flat=True)[WINDOW - 1 : WINDOW].first()
    window = own if begin is None else own.filter(pk__gte=begin)
    ids = list_ids(window.filter(*build_text_conditions(terms)).order_by("-pk"), size)
    if begin is None or len(ids) == size:
        return ids
    return ids + list_ids(match_by_gin(owner_id, terms, within.below(begin)), size - len(ids))


def list_ids(documents: QuerySet[MessageDocument], size: int) -> list[int]:
    return list(documents.values_list("pk", flat=True)[:size])


def match_by_fts(owner_id: int, terms: Sequence[str], within: IdRange) -> QuerySet[MessageDocument]:
    # With `narrowed` off it is one of them.
    index = choose_index(list_indexes("review_message", terms, owner_id), narrowed=False)
    if index is None:
        return MessageDocument.objects.none()
    rest = terms if index.is_partial else list_short(terms)
    found = MessageDocument.objects.filter(*build_text_conditions(rest))
    return index.walk_documents(found, within)


def match_by_gin(owner_id: int, terms: Sequence[str], within: IdRange) -> QuerySet[MessageDocument]:
    # Not the key itself, here and in the order: the planner would walk through it for what is rare.
    key = F("pk") + 0
    found = MessageDocument.objects.all()
    if within.last is not None:
        found = found.filter(LessThanOrEqual(key, Value(within.last)))
    latin = [term for term in terms if LATIN.search(term)]
    if latin:
        of_owner = RawSQL(OF_OWNER, [owner_id], BooleanField())  # noqa: S611 - a constant
        found = found.filter(of_owner, owner_id=owner_id)
        for term in latin:
            found = found.filter(folded__contains=term)
    others = [term for term in terms if term not in latin]
    if others:
        grams = set().union(*map(compute_bigrams, others)) | {compute_owner_gram(owner_id)}
        found = found.filter(*build_text_conditions(others), grams__contains_all=list(grams))
    return found.order_by(key.desc())
