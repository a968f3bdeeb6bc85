"""Which documents hold what is searched for: every term, anywhere in the text.

Two indexes serve that. Trigrams are the database's own and find what is long enough. The bigrams
of `normalizing.py` find the rest: one or two characters, and on PostgreSQL whatever isn't in Latin
letters, of which pg_trgm may index nothing (in a database whose character type is C).

PostgreSQL's planner knows how frequent things are, and chooses between an index and a walk through
the newest documents. SQLite's doesn't know FTS5's indexes, so `choose_index` asks them.

What is one owner's is `own_matching.py`'s matter.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Max, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from conversations.search.days import IdRange
from conversations.search.fields import to_word
from conversations.search.models import MessageDocument, TitleDocument
from conversations.search.normalizing import compute_bigrams, compute_term_bigrams
from conversations.search.owners import compute_owner_gram, make_owner_mark
from conversations.search.terms import parse_terms

TRIGRAM = 3
# What pg_trgm finds by its index whatever the database's character type.
LATIN = re.compile(r"[a-z0-9]{3}")
# So many documents are read and sorted sooner than one searches the newest for what is rare.
FEW = 2000
# Of the newest documents so many are read without an index: a moment's work.
WINDOW = 4000
EVERYWHERE = IdRange()


def match_titles(text: str, owner_id: int | None = None) -> QuerySet[TitleDocument]:
    """Return titles that hold every word of the text; none for no word. With `owner_id`, of those
    that the index knows to be of that owner.
    """
    terms = parse_terms(text)
    if not terms:
        return TitleDocument.objects.none()
    if connection.vendor == "postgresql":
        found = TitleDocument.objects.filter(*build_indexed_conditions(terms))
        return found if owner_id is None else found.filter(owner_id=owner_id)
    found = TitleDocument.objects.filter(*build_text_conditions(list_short(terms)))
    for index in list_indexes("review_title", terms, owner_id):
        found = found.filter(pk__in=RawSQL(index.ids, [index.match]))  # noqa: S611
    return found


def match_messages(
    terms: Sequence[str], within: IdRange = EVERYWHERE, *, narrowed: bool = False
) -> QuerySet[MessageDocument]:
    """Return those that hold all of the terms, the newest first. `narrowed`: the caller filters
    them so that few remain, such as those of one user.
    """
    found = MessageDocument.objects.filter(within.condition("pk")).order_by("-pk")
    if connection.vendor == "postgresql":
        return found.filter(*build_indexed_conditions(terms))
    index = choose_index(list_indexes("review_message", terms), narrowed=narrowed)
    if index is None:
        return found.filter(*build_text_conditions(terms))
    rest = terms if index.is_partial else list_short(terms)
    return index.walk_documents(found.filter(*build_text_conditions(rest)), within)


def match_newest(terms: Sequence[str], within: IdRange) -> QuerySet[MessageDocument] | None:
    """Search a few of the newest documents only, by no index. How frequent bigrams are
    together the planner can't know, so it pays to look there first.
    """
    if connection.vendor != "postgresql" or all(map(LATIN.search, terms)):
        return None
    found = MessageDocument.objects.filter(within.condition("pk"))
    last = found.aggregate(last=Max("pk"))["last"] or 0
    return found.filter(*build_text_conditions(terms), pk__gt=last - WINDOW).order_by("-pk")


# PostgreSQL.


def build_indexed_conditions(terms: Iterable[str]) -> list[Q | GreaterThan]:
    """Use bigrams, more of them than need be: each makes the planner expect fewer finds,
    and it takes their index. What is frequent was among the newest.
    """
    conditions: list[Q | GreaterThan] = []
    numbers: set[int] = set()
    for term in terms:
        if len(term) >= TRIGRAM:
            conditions.append(Q(folded__contains=term))
        else:
            # Not LIKE: the planner would take it for a filter of its own, and the few for fewer.
            conditions += build_text_conditions([term])
        if not LATIN.search(term):
            numbers |= compute_bigrams(term)
    if numbers:
        conditions.append(Q(grams__contains_all=list(numbers)))
    return conditions


def build_text_conditions(terms: Iterable[str]) -> list[Q | GreaterThan]:
    """Compare with the text itself, by no index."""
    return [GreaterThan(StrIndex(F("folded"), Value(term)), 0) for term in terms]


# SQLite.


@dataclass(frozen=True)
class FtsIndex:
    """An index of FTS5's, and what to ask it."""

    name: str
    match: str
    # Whether it knows some of the terms only.
    is_partial: bool

    @property
    def ids(self) -> str:
        return f"SELECT rowid FROM {self.name} WHERE {self.name} MATCH %s"  # noqa: S608

    def finds_few(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM ({self.ids} LIMIT {FEW})",  # noqa: S608
                [self.match],
            )
            return bool(cursor.fetchone()[0] < FEW)

    def walk_documents(
        self, documents: QuerySet[MessageDocument], within: IdRange
    ) -> QuerySet[MessageDocument]:
        """From the newest on, as the index itself can, until there are enough: nothing is sorted
        and no more is read than that.
        """
        where = [f"{self.name} MATCH %s", f"{self.name}.rowid = review_messagedocument.message_id"]
        params: list[str | int] = [self.match]
        for sign, end in (("<=", within.last), (">=", within.first)):
            if end is not None:
                where.append(f"{self.name}.rowid {sign} %s")
                params.append(end)
        documents = documents.extra(tables=[self.name], where=where, params=params)  # noqa: S610
        return documents.order_by(RawSQL(f"{self.name}.rowid", []).desc())  # noqa: S611


def list_indexes(name: str, terms: Sequence[str], owner_id: int | None = None) -> list[FtsIndex]:
    """List those that know some of the terms: the one of trigrams first. With `owner_id`, they find
    what is that owner's.
    """
    few = list_short(terms)
    phrases = [term for term in terms if len(term) >= TRIGRAM]
    marks = [] if owner_id is None else [make_owner_mark(owner_id)]
    grams = set() if owner_id is None else {compute_owner_gram(owner_id)}
    found = []
    if phrases:
        words = quote_for_fts([*marks, *phrases])
        found.append(FtsIndex(f"{name}_trigrams", words, is_partial=bool(few)))
    if few:
        numbers = sorted(grams.union(*map(compute_term_bigrams, few)))
        words = quote_for_fts(map(to_word, numbers))
        found.append(FtsIndex(f"{name}_grams", words, is_partial=bool(phrases)))
    return found


def choose_index(found: Sequence[FtsIndex], *, narrowed: bool) -> FtsIndex | None:
    """Choose where to begin; none where it is better to begin with what the caller asks for."""
    if len(found) == 1 and not narrowed:
        return found[0]
    for index in found:
        if index.finds_few():
            return index
    return None if narrowed else found[0]


def list_short(terms: Iterable[str]) -> list[str]:
    return [term for term in terms if len(term) < TRIGRAM]


def quote_for_fts(words: Iterable[str]) -> str:
    """Quote for FTS5: text between quotation marks has no operators."""
    return " ".join('"{}"'.format(each.replace('"', '""')) for each in words)
