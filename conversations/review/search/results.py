"""Pages of messages that hold what was searched for, each begun where the one before ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.review.search import matching
from conversations.review.search.excerpts import excerpt
from conversations.review.selectors import visible_to

SIZE = 25
DAY = timedelta(days=1)
# Far enough from the ends of the calendar for time zones.
FIRST, LAST = date(1970, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True)
class Search:
    terms: Sequence[str]
    # A pseudonym.
    person: str = ""
    role: str = ""
    # Days in the reader's time zone, both of them included.
    since: date | None = None
    until: date | None = None

    @property
    def condition(self) -> Q:
        condition = Q()
        if self.person:
            condition &= Q(message__conversation__review__person=self.person)
        if self.role:
            condition &= Q(message__role=self.role)
        if self.since:
            condition &= Q(message__created_at__gte=beginning_of(min(self.since, LAST)))
        if self.until:
            condition &= Q(message__created_at__lt=beginning_of(min(self.until, LAST) + DAY))
        return condition


@dataclass(frozen=True)
class Hit:
    message: Message
    terms: Sequence[str]

    @property
    def conversation(self) -> Conversation:
        return self.message.conversation

    @property
    def person(self) -> str:
        review = getattr(self.conversation, "review", None)
        return str(review.person) if review else ""

    @cached_property
    def excerpt(self) -> SafeString:
        return excerpt(self.message.text, self.terms)


@dataclass(frozen=True)
class Page:
    hits: Sequence[Hit]
    # Where the next one begins.
    next: int | None


def find(reader: User, search: Search, *, before: int | None = None) -> Page:
    """The newest that the reader may see, below the message `before`. At most five queries."""
    documents = matching.messages(search.terms, before=before, narrowed=bool(search.person))
    documents = documents.filter(visible_to(reader, "message__conversation__"), search.condition)
    ids = list(documents.values_list("pk", flat=True)[: SIZE + 1])
    messages = (
        Message.objects.filter(pk__in=ids[:SIZE])
        .defer("html")
        .select_related("conversation__review")
        .order_by("-pk")
    )
    hits = [Hit(message, search.terms) for message in messages]
    return Page(hits, next=ids[SIZE - 1] if len(ids) > SIZE else None)


def beginning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(max(day, FIRST), time.min))
