"""Which documents hold what is searched for: every term, anywhere in the text.

Two indexes serve that. Trigrams are the database's own and find what is long enough; the grams of
`folding.py` find the rest: one or two characters, and on PostgreSQL whatever isn't written in Latin
letters, of which pg_trgm may index nothing (in a database whose character type is C).

PostgreSQL's planner knows how frequent things are, and chooses between an index and a walk through
the newest documents. SQLite's doesn't know FTS5's indexes, so `choice` asks them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Max, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from conversations.search.days import Bounds
from conversations.search.fields import word
from conversations.search.models import MessageDocument, TitleDocument
from conversations.search.normalizing import grams, grams_of_term
from conversations.search.terms import terms_of

TRIGRAM = 3
# What pg_trgm finds by its index whatever the database's character type.
LATIN = re.compile(r"[a-z0-9]{3}")
# So many documents are read and sorted sooner than one searches the newest for what is rare.
FEW = 2000
# Of the newest documents so many are read without an index: a moment's work.
WINDOW = 4000
EVERYWHERE = Bounds()


def titles(text: str) -> QuerySet[TitleDocument]:
    """Those of conversations whose title holds every word of the text; none for no word."""
    terms = terms_of(text)
    if not terms:
        return TitleDocument.objects.none()
    if connection.vendor == "postgresql":
        return TitleDocument.objects.filter(*held(terms))
    found = TitleDocument.objects.filter(*said(short(terms)))
    for index in indexes("review_title", terms):
        found = found.filter(pk__in=RawSQL(index.ids, [index.match]))  # noqa: S611
    return found


def messages(
    terms: Sequence[str], within: Bounds = EVERYWHERE, *, narrowed: bool = False
) -> QuerySet[MessageDocument]:
    """Those that hold all of the terms, the newest first. `narrowed`: the caller filters them so
    that few remain, such as those of one user.
    """
    found = MessageDocument.objects.filter(within.condition("pk")).order_by("-pk")
    if connection.vendor == "postgresql":
        return found.filter(*held(terms))
    index = choice(indexes("review_message", terms), narrowed=narrowed)
    if index is None:
        return found.filter(*said(terms))
    rest = terms if index.is_partial else short(terms)
    return index.walk(found.filter(*said(rest)), within)


def newest(terms: Sequence[str], within: Bounds) -> QuerySet[MessageDocument] | None:
    """The same, among a few of the newest documents only, and by no index. How frequent grams are
    together the planner can't know, so it pays to look there first.
    """
    if connection.vendor != "postgresql" or all(map(LATIN.search, terms)):
        return None
    found = MessageDocument.objects.filter(within.condition("pk"))
    last = found.aggregate(last=Max("pk"))["last"] or 0
    return found.filter(*said(terms), pk__gt=last - WINDOW).order_by("-pk")


# PostgreSQL.


def held(terms: Iterable[str]) -> list[Q | GreaterThan]:
    """Where there are grams, more of them than need be: each makes the planner expect fewer finds,
    and it takes their index. What is frequent was among the newest.
    """
    conditions: list[Q | GreaterThan] = []
    numbers: set[int] = set()
    for term in terms:
        if len(term) >= TRIGRAM:
            conditions.append(Q(folded__contains=term))
        else:
            # Not LIKE: the planner would take it for a filter of its own, and the few for fewer.
            conditions += said([term])
        if not LATIN.search(term):
            numbers |= grams(term)
    if numbers:
        conditions.append(Q(grams__hold=list(numbers)))
    return conditions


def said(terms: Iterable[str]) -> list[Q | GreaterThan]:
    """Compared with the text itself, by no index."""
    return [GreaterThan(StrIndex(F("folded"), Value(term)), 0) for term in terms]


# SQLite.


@dataclass(frozen=True)
class Index:
    """One of FTS5's, and what to ask it."""

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

    def walk(
        self, documents: QuerySet[MessageDocument], within: Bounds
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


def indexes(name: str, terms: Sequence[str]) -> list[Index]:
    """Those that know some of the terms: the one of trigrams first."""
    few = short(terms)
    phrases = [term for term in terms if len(term) >= TRIGRAM]
    found = []
    if phrases:
        found.append(Index(f"{name}_trigrams", quoted(phrases), is_partial=bool(few)))
    if few:
        numbers = sorted(set().union(*map(grams_of_term, few)))
        found.append(Index(f"{name}_grams", quoted(map(word, numbers)), is_partial=bool(phrases)))
    return found


def choice(found: Sequence[Index], *, narrowed: bool) -> Index | None:
    """Which one to begin with; none where it is better to begin with what the caller asks for."""
    if len(found) == 1 and not narrowed:
        return found[0]
    for index in found:
        if index.finds_few():
            return index
    return None if narrowed else found[0]


def short(terms: Iterable[str]) -> list[str]:
    return [term for term in terms if len(term) < TRIGRAM]


def quoted(words: Iterable[str]) -> str:
    """For FTS5: text between quotation marks has no operators."""
    return " ".join('"{}"'.format(each.replace('"', '""')) for each in words)
