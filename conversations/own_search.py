"""Search in one's own conversations: titles and messages of every branch, the archived ones too.

The index narrows to the owner, but what was deleted is out at once, and an index that lags finds
nothing that is gone: each hit is read from the live conversations and messages, scoped to their
owner.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from chatsite.accounts.models import User
from chatsite.core.offload import offload
from chatsite.core.pagination import Page
from conversations.attachments.queries import load_files
from conversations.attachments.texts import join_texts
from conversations.models import Conversation, Message
from conversations.queries import BY_ACTIVITY, list_own
from conversations.search import matching, own_matching
from conversations.search.days import IdRange
from conversations.search.models import MessageDocument, TitleDocument
from conversations.search.snippets import make_snippet, mark_terms
from conversations.search.terms import parse_terms

QUERY_LENGTH = 500
TITLES_SIZE = 5
MESSAGES_SIZE = 25
# The index is asked for so many first, and each time for more, as those are passed over that were
# deleted and can still be taken back.
FIRST_CANDIDATES, GROWTH = 2 * MESSAGES_SIZE, 8


@dataclass(frozen=True)
class TitleHit:
    conversation: Conversation
    title: SafeString


@dataclass(frozen=True)
class MessageHit:
    message: Message
    excerpt: SafeString


def search_titles(user: User, text: str, *, after: str = "") -> Page[TitleHit]:
    """Return the conversations whose title holds every word, the last used first. Raises
    InvalidCursorError.
    """
    owner_id = user.pk if own_matching.knows_owners(TitleDocument) else None
    documents = matching.match_titles(text, owner_id)
    own = list_own(user).filter(pk__in=documents.order_by().values("conversation"))
    found = own.select_related("folder").only(
        "id", "title", "last_activity_at", "archived", "folder__name"
    )
    page = BY_ACTIVITY.page(found, TITLES_SIZE, after=after)
    terms = parse_terms(text)
    hits = [TitleHit(each, mark_terms(each.title, terms)) for each in page.rows]
    return Page(hits, next=page.next)


def search_messages(user: User, text: str, *, before: int | None = None) -> Page[MessageHit]:
    """Return the newest messages that hold every word, below the message of id `before`."""
    terms = parse_terms(text)
    if not terms:
        return Page([])
    found: list[Message] = []
    for ids in list_candidates(user, terms, IdRange().below(before)):
        found += list_living(user, ids, MESSAGES_SIZE + 1 - len(found))
        if len(found) > MESSAGES_SIZE:
            break
    shown = found[:MESSAGES_SIZE]
    load_files(shown, with_text=True)
    return Page(
        offload(make_hits, shown, terms),
        next=str(shown[-1].pk) if len(found) > MESSAGES_SIZE else "",
    )


def list_candidates(user: User, terms: Sequence[str], within: IdRange) -> Iterator[list[int]]:
    """Return the ids that the index finds, the newest first, in larger and larger pieces."""
    if not own_matching.knows_owners(MessageDocument):
        yield list_candidates_of_all(user, terms, within)
        return
    size = FIRST_CANDIDATES
    ids = own_matching.list_own_ids(user.pk, terms, within, size)
    while ids:
        yield ids
        if len(ids) < size:
            return
        size *= GROWTH
        ids = own_matching.list_own_ids(user.pk, terms, within.below(ids[-1]), size)


def list_candidates_of_all(user: User, terms: Sequence[str], within: IdRange) -> list[int]:
    """Search everybody's messages for a page of the user's: while the index doesn't know whose all
    of them are.
    """
    documents = matching.match_messages(terms, within, narrowed=True).filter(
        message__conversation__owner=user, message__conversation__deleted_at=None
    )
    return list(documents.values_list("pk", flat=True)[: MESSAGES_SIZE + 1])


def list_living(user: User, ids: Sequence[int], size: int) -> list[Message]:
    """Return the newest of these that are the user's and not deleted."""
    messages = Message.objects.filter(
        pk__in=ids, conversation__owner=user, conversation__deleted_at=None
    )
    found = messages.defer("html").select_related("conversation__folder")
    return list(found.order_by("-pk")[:size])


def make_hits(messages: Sequence[Message], terms: Sequence[str]) -> list[MessageHit]:
    return [MessageHit(message, make_snippet(join_texts(message), terms)) for message in messages]
