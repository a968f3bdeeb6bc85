"""What rules and reviewers have said of a conversation, read in one query: flags, notes and
verdicts.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    F,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.models import Message
from conversations.review.models import Flag, Judgement, Note

FLAG, NOTE, JUDGEMENT = "flag", "note", "judgement"
FORMER: str | Promise = _("a former reviewer")

NO, NOTHING, OF_NONE = (
    Value(False, BooleanField()),
    Value("", TextField()),
    Value(None, IntegerField()),
)
OF_MESSAGE = F("message_id")


@dataclass(frozen=True)
class Remark:
    kind: str
    pk: int
    at: datetime
    # Of a message; otherwise of the conversation.
    message_id: int | None
    author_id: int | None
    author_name: str
    # A note's text, a verdict's comment.
    text: str
    # The rule's or the verdict's; empty where there is none.
    name: str
    tone: str
    is_reviewed: bool

    @property
    def author(self) -> str | Promise:
        """Reviewers see each other's names."""
        return self.author_name or FORMER


@dataclass(frozen=True)
class Remarks:
    """The oldest first."""

    all: list[Remark]

    def of(self, kind: str, message_id: int | None = None) -> list[Remark]:
        return [each for each in self.all if (each.kind, each.message_id) == (kind, message_id)]

    @property
    def notes(self) -> list[Remark]:
        return self.of(NOTE)

    @property
    def judgements(self) -> list[Remark]:
        """The latest first: how the verdict came to be."""
        return self.of(JUDGEMENT)[::-1]

    @property
    def flag_by_hand(self) -> Remark | None:
        return next(iter(self.of(FLAG)), None)

    def of_message(self, message_id: int) -> tuple[list[Remark], list[Remark]]:
        """Its flags and its notes."""
        return self.of(FLAG, message_id), self.of(NOTE, message_id)


def remarks_on(conversation_id: uuid.UUID, messages: Iterable[Message]) -> Remarks:
    """What is said of the conversation, and of these of its messages: a rule may have flagged
    thousands.
    """
    these = Q(conversation=conversation_id)
    shown = these & (Q(message=None) | Q(message__in=[message.pk for message in messages]))
    flags = rows(Flag.objects.filter(shown), FLAG, author="reviewer", name=named("rule__name"))
    notes = rows(Note.objects.filter(shown), NOTE, author="author", text=F("text"))
    judgements = rows(
        Judgement.objects.filter(these),
        JUDGEMENT,
        message=OF_NONE,
        author="reviewer",
        text=F("comment"),
        name=named("verdict__name"),
        tone=named("verdict__tone"),
        is_reviewed=F("is_reviewed"),
    )
    found = flags.union(notes, judgements, all=True).order_by("said_at", "number")
    return Remarks([Remark(*row) for row in found])


def named(path: str) -> Coalesce:
    return Coalesce(Cast(F(path), TextField()), Value(""), output_field=TextField())


def rows(
    found: QuerySet[Any],
    kind: str,
    *,
    author: str,
    message: Any = OF_MESSAGE,
    text: Any = NOTHING,
    name: Any = NOTHING,
    tone: Any = NOTHING,
    is_reviewed: Any = NO,
) -> QuerySet[Any, Any]:
    """In the order of a Remark's fields."""
    columns: dict[str, Any] = {
        "said": Value(kind, CharField()),
        "number": F("pk"),
        "said_at": F("created_at"),
        "of_message": message,
        "by_id": F(f"{author}_id"),
        "by": named(f"{author}__username"),
        "words": text,
        "called": name,
        "toned": tone,
        "reviewed": is_reviewed,
    }
    listed: QuerySet[Any, Any] = found.order_by().annotate(**columns).values_list(*columns)
    return listed
