"""Pages of messages that hold what was searched for, each begun where the one before ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from chatsite.accounts.models import User
from chatsite.core.offload import offload
from chatsite.core.pagination import Page
from conversations.attachments.queries import load_files
from conversations.attachments.texts import join_texts
from conversations.models import Conversation, Message
from conversations.review.queries import visible_to
from conversations.search import matching
from conversations.search.days import find_id_range
from conversations.search.models import MessageDocument
from conversations.search.snippets import make_snippet

SIZE = 25


@dataclass(frozen=True)
class MessageSearch:
    terms: Sequence[str]
    # A pseudonym.
    person: str = ""
    role: str = ""
    # From the first of these moments to before the second.
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_dated(self) -> bool:
        return bool(self.since or self.until)

    @property
    def condition(self) -> Q:
        wanted = {
            "message__conversation__review__person": self.person,
            "message__role": self.role,
            "message__created_at__gte": self.since,
            "message__created_at__lt": self.until,
        }
        return Q(**{lookup: value for lookup, value in wanted.items() if value})


@dataclass(frozen=True)
class SearchHit:
    message: Message
    excerpt: SafeString

    @property
    def conversation(self) -> Conversation:
        return self.message.conversation


def search_messages(
    reader: User, search: MessageSearch, *, before: int | None = None
) -> Page[SearchHit]:
    """The newest that the reader may see, below the message `before`; in at most six queries."""
    within = find_id_range(search.since, search.until).below(before)
    condition = visible_to(reader, "message__conversation__") & search.condition
    conditions = [condition, *(within.joined_conditions() if search.is_dated else ())]
    ids: list[int] = []
    documents = matching.match_newest(search.terms, within)
    if documents is not None:
        ids = first_ids(documents.filter(*conditions))
    if len(ids) <= SIZE:
        documents = matching.match_messages(search.terms, within, narrowed=bool(search.person))
        ids = first_ids(documents.filter(*conditions))
    found = list(fetch_messages(ids[:SIZE]))
    load_files(found, with_text=True)
    return Page(
        offload(make_hits, found, search.terms),
        next=str(ids[SIZE - 1]) if len(ids) > SIZE else "",
    )


def make_hits(messages: Sequence[Message], terms: Sequence[str]) -> list[SearchHit]:
    return [SearchHit(message, make_snippet(join_texts(message), terms)) for message in messages]


def first_ids(documents: QuerySet[MessageDocument]) -> list[int]:
    """One more than a page has."""
    return list(documents.values_list("pk", flat=True)[: SIZE + 1])


def fetch_messages(ids: Sequence[int]) -> QuerySet[Message]:
    messages = Message.objects.filter(pk__in=ids).defer("html")
    return messages.select_related("conversation__review", "conversation__owner").order_by("-pk")
